package warp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.SetupAnswers.Endpoint;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

class ConfigFileTest {

    private static final String BOTH =
            """
            source: "postgresql://app:päss@old:5433/shop"
            destination:
              host: new
              user: app
              password: 0123
              database: shop
              sslmode: require
            """;

    @TempDir Path directory;
    private final List<Warning> warnings = new ArrayList<>();
    private Path file;
    private ConnectionStrings strings;

    @BeforeEach
    void prepare() {
        file = directory.resolve("shop.yaml");
        Environment environment = new Environment(Map.of(), null, "osuser", directory);
        strings = new ConnectionStrings(environment, warnings::add);
    }

    private ConfigFile read(String yaml) throws IOException {
        Files.deleteIfExists(file);
        PrivateFile.write(file, yaml);
        return ConfigFile.read(file, strings, warnings::add);
    }

    private WarpException refused(String yaml) {
        WarpException problem = catchThrowableOfType(WarpException.class, () -> read(yaml));
        assertThat(problem).as("the error for %s", yaml).isNotNull();
        assertThat(problem.code()).isEqualTo(ErrorCode.CONFIG);
        assertThat(problem.report()).contains(file.toString()).doesNotContain("S3cr3t");
        return problem;
    }

    private ConnectionSettings complete(ConfigFile config, Side side) {
        return strings.complete(side, config.of(side));
    }

    @Test
    void stringAndMapping_areBothUnderstood() throws IOException {
        ConfigFile config = read(BOTH);

        ConnectionSettings source = complete(config, Side.SOURCE);
        assertThat(source.display()).isEqualTo("old:5433/shop");
        assertThat(source.secret()).contains(new Secret("päss"));
        ConnectionSettings destination = complete(config, Side.DESTINATION);
        assertThat(destination.display()).isEqualTo("new:5432/shop");
        assertThat(destination.tls().mode()).isEqualTo(SslMode.REQUIRE);
        assertThat(config.options()).isEqualTo(MigrationOptions.NONE);
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123", "1_000", "true", "1e3", "2020-01-01", "0x1F", "no", "3.10"})
    void unquotedPassword_staysAsItIsWritten(String password) throws IOException {
        ConfigFile config = read(BOTH.replace("0123", password));

        assertThat(complete(config, Side.DESTINATION).secret()).contains(new Secret(password));
    }

    @Test
    void switches_mayStandInTheFile() throws IOException {
        ConfigFile config =
                read(
                        BOTH
                                + """
                                slot: my_slot
                                tables: [public.*, "Weird \\"T"]
                                exclude-tables:
                                  - a
                                batch-statements: 7
                                batch-transactions: 8
                                jobs: 3
                                keep-indexes: true
                                without-replica-role: true
                                new-tables: true
                                skip-initial-sync: false
                                sync-schema: true
                                schemas: shop
                                exclude-schemas: [old, tmp_*]
                                no-owner: true
                                large-objects: false
                                roles: true
                                retry-for: 10m
                                max-source-wal: 10GB
                                max-source-wal-action: drop
                                max-load: 50
                                max-replica-lag: 30s
                                throttle-query: "SELECT count(*) > 10 FROM public.jobs"
                                throttle: 20MB/s
                                tmp-dir: dump
                                tmp-dir-max: 50GB
                                parallel-dump: 4
                                parallel-restore: 8
                                restore-only: true
                                spool-dir: spool
                                spool-max: 1.5GB
                                """);

        assertThat(config.options())
                .isEqualTo(
                        new MigrationOptions(
                                "my_slot",
                                List.of("public.*", "Weird \"T"),
                                List.of("a"),
                                7,
                                8,
                                3,
                                false,
                                true,
                                true,
                                true,
                                new SchemaOptions(
                                        true,
                                        List.of("shop"),
                                        List.of("old", "tmp_*"),
                                        true,
                                        false),
                                RuleOptions.NONE,
                                new ObjectOptions(false, true),
                                new StagingOptions(
                                        "dump", ByteSize.megabytes(50 << 10), 4, 8, true),
                                Duration.ofMinutes(10),
                                new SourceOptions(
                                        ByteSize.megabytes(10 << 10),
                                        SourceOptions.WalAction.DROP,
                                        50,
                                        TimeSpan.seconds(30),
                                        "SELECT count(*) > 10 FROM public.jobs",
                                        ByteSize.megabytes(20)),
                                new SpoolOptions("spool", ByteSize.megabytes(1536))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slott: x | line 8: unknown key \"slott\" | did you mean \"slot\"?",
                "slot: Not-Valid | line 8: key \"slot\" | a to z",
                "slot: [a] | line 8: key \"slot\" | one value",
                "max-source-wal: 10 | line 8: key \"max-source-wal\" | such as 500MB",
                "max-source-wal-action: halt | line 8: key \"max-source-wal-action\" | stop or"
                        + " drop",
                "max-load: few | line 8: key \"max-load\" | such as 50",
                "max-replica-lag: 30 | line 8: key \"max-replica-lag\" | such as 30s",
                "throttle-query: ' ' | line 8: key \"throttle-query\" | SELECT count(*)",
                "throttle: fast | line 8: key \"throttle\" | such as 20MB/s",
                "jobs: many | line 8: key \"jobs\" | from 1 to 64",
                "tmp-dir-max: 50 | line 8: key \"tmp-dir-max\" | at least 1MB, such as",
                "parallel-dump: 0 | line 8: key \"parallel-dump\" | from 1 to 64",
                "batch-statements: 100001 | line 8: key \"batch-statements\" | from 1 to 100000",
                "batch-transactions: 0 | line 8: key \"batch-transactions\" | from 1 to 100000",
                "spool-max: 5 | line 8: key \"spool-max\" | at least 1MB",
                "keep-indexes: maybe | line 8: key \"keep-indexes\" | true or false",
                "tables: {a: b} | line 8: key \"tables\" | list of patterns",
                "tables: [[a]] | line 8: key \"tables\" | list of patterns",
                "source: x | line 8: | second time",
            })
    void wrongKeyOrValue_isNamedWithFileAndLine(String line, String where, String what) {
        assertThat(refused(BOTH + line + "\n").report()).contains(where, what);
    }

    @Test
    void wrongKeyOfAServer_isNamedWithItsLine() {
        assertThat(refused(BOTH.replace("  user:", "  usr:")).report())
                .contains("line 4: unknown key \"destination.usr\"", "did you mean \"user\"?");
        assertThat(refused(BOTH.replace("host: new", "host: [new]")).report())
                .contains("line 3: key \"destination.host\" needs one value");
    }

    @Test
    void brokenUriInTheFile_isNamedWithItsLineAndNoSecret() {
        assertThat(refused(BOTH.replace("päss@old:5433", "S3cr3t@old:x")).report())
                .contains("line 1: key \"source\": the URI's port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "source: \"S3cr3t\n",
                "source:\n\tpassword: S3cr3t\n",
                "a: b: S3cr3t\n",
                "source: {password: S3cr3t\n",
                "- S3cr3t\n",
                "S3cr3t\n",
                "password: @S3cr3t\n",
                "source: [S3cr3t]\ndestination: x=y\n",
                "source: null\ndestination: host=x\n",
                "? {S3cr3t: 1}\n: x\n",
                "--- {}\n--- {}\n",
            })
    void brokenYaml_isRefusedWithItsFileAndLine(String yaml) {
        assertThat(refused(yaml).getMessage()).containsPattern("shop.yaml, line \\d+: ");
    }

    @Test
    void missingSide_isNamed() {
        assertThat(refused("source: host=a\n").getMessage()).contains("\"destination\" is missing");
        assertThat(refused("").getMessage()).contains("\"source\" is missing");
    }

    @Test
    void fileOpenToOthers_isWarnedOfOnlyIfItHoldsAPassword() throws IOException {
        read(BOTH);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ConfigFile.read(file, strings, warnings::add);
        assertThat(warnings).extracting(Warning::hint).containsExactly("chmod 0600 " + file);
        warnings.clear();

        read("source: host=a\ndestination: host=b\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ConfigFile.read(file, strings, warnings::add);
        assertThat(warnings).isEmpty();
    }

    @Test
    void writtenFile_isReadBackAsItWasAndPrivate() throws IOException {
        String odd = "  \"'\\#: {pä}\t🐘%[]!&*|>@`yes\u0001\u2028 ";
        SetupAnswers answers =
                new SetupAnswers(
                        new Endpoint(
                                "old", 5433, "ü\"ser", new Secret(odd), "d: b", SslMode.REQUIRE),
                        new Endpoint("::1", 1, "no", null, "null", SslMode.VERIFY_CA));
        Files.writeString(file, "older, open to all");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        answers.write(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        ConfigFile config = ConfigFile.read(file, strings, warnings::add);
        ConnectionSettings source = complete(config, Side.SOURCE);
        assertThat(source.secret()).contains(new Secret(odd));
        assertThat(source.user()).isEqualTo("ü\"ser");
        assertThat(source.display()).isEqualTo("old:5433/d: b");
        ConnectionSettings destination = complete(config, Side.DESTINATION);
        assertThat(destination.secret()).isEmpty();
        assertThat(destination.user()).isEqualTo("no");
        assertThat(destination.display()).isEqualTo("[::1]:1/null");
        assertThat(destination.tls().mode()).isEqualTo(SslMode.VERIFY_CA);
        assertThat(answers.toString()).doesNotContain(odd).contains("***");
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void preview_hidesWhatCanBeSecret() throws IOException {
        read(BOTH.replace("0123", "S3cr3t").replace("päss", "S3cr3t") + "tables: [public.*]\n");

        assertThat(ConfigPreview.of(file))
                .contains("source: ***", "  host: new", "  password: ***", "  - public.*")
                .noneMatch(line -> line.contains("S3cr3t"));
    }

    @Test
    void previewOfABrokenFile_saysOnlyWhereItBreaks() throws IOException {
        Files.writeString(file, "source: \"S3cr3t\n");

        assertThat(ConfigPreview.of(file)).hasSize(1).noneMatch(line -> line.contains("S3cr3t"));
    }
}
