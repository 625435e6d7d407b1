package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warp.config.ConnectionSettings;
import warp.config.ConnectionSettings.HostPort;
import warp.config.ConnectionSettings.Tls;
import warp.config.Secret;
import warp.config.SslMode;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ServerVersion;
import warp.model.Side;

/** With shell scripts in place of the program. */
class PgDumpTest {

    private static final ServerVersion V9_6 = new ServerVersion(90624);
    private static final ServerVersion V13 = new ServerVersion(130010);
    private static final ServerVersion V15 = new ServerVersion(150003);
    private static final ServerVersion V18 = new ServerVersion(180001);

    @TempDir private Path folder;

    private Path script(String name, String body) throws IOException {
        Path bin = Files.createDirectories(folder.resolve(name));
        Path program = bin.resolve("pg_dump");
        Files.writeString(program, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    private List<Path> versions(String... versions) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String version : versions) {
            folders.add(script(version, "echo 'pg_dump (PostgreSQL) " + version + " (Debian)'"));
        }
        return folders;
    }

    @ParameterizedTest
    @CsvSource({
        "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1), 150018",
        "pg_dump (PostgreSQL) 9.6.24, 90600",
        "pg_dump (PostgreSQL) 19devel, 190000",
        "pg_dump (EnterpriseDB 16.2.0) 16.2, 160002",
    })
    void version_isReadFromWhatTheProgramPrints(String line, int number) {
        assertThat(PgDumpVersions.parse(line)).contains(new ServerVersion(number));
        assertThat(PgDumpVersions.parse("no version")).isEmpty();
    }

    @Test
    void newestBetweenTheServers_isTaken() throws IOException {
        List<Path> folders = versions("12.1", "13.2", "14.3", "16.1", "18.0");

        assertThat(PgDump.find(V13, V15, folders).version().major()).isEqualTo("14");
        assertThat(PgDump.find(V13, V18, folders).version().major()).isEqualTo("18");
        assertThat(PgDump.find(V15, V13, folders).version().major()).isEqualTo("16");
        assertThat(PgDump.find(V9_6, V9_6, folders).version().major()).isEqualTo("12");
    }

    @Test
    void missingProgram_namesThePackage() throws IOException {
        assertThatThrownBy(() -> PgDump.find(V15, V18, List.of(folder.resolve("empty"))))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem -> {
                            assertThat(problem.code()).isEqualTo(ErrorCode.CHECK);
                            assertThat(problem.report())
                                    .contains(
                                            "needs pg_dump 15 or newer, as the source is 15.3;"
                                                    + " there is none here",
                                            "apt-get install postgresql-client-15");
                        });
        List<Path> old = versions("9.6.24", "14.3");
        assertThatThrownBy(() -> PgDump.find(V15, V18, old))
                .hasMessageContaining("the newest here is 14");
    }

    @Test
    void secrets_travelInTheEnvironmentOnly() throws Exception {
        Path bin =
                script(
                        "spy",
                        "echo \"-- args: $*\"; echo \"-- $PGPASSWORD $PGHOST $PGPORT $PGSSLMODE"
                                + " $PGSSLROOTCERT $PGCHANNELBINDING $PGTARGETSESSIONATTRS"
                                + " $PGCONNECT_TIMEOUT [$PGOPTIONS] $PGAPPNAME\"");
        PgDump program = new PgDump(bin.resolve("pg_dump"), V15);
        ConnectionSettings source =
                new ConnectionSettings(
                        Side.SOURCE,
                        List.of(new HostPort("::1", 1), new HostPort("old", 2)),
                        "shop",
                        "app",
                        new Secret("S3cr3t"),
                        new Tls(
                                SslMode.VERIFY_FULL,
                                "/root.crt",
                                null,
                                null,
                                null,
                                null,
                                "require"),
                        "primary",
                        7,
                        "-c geqo=off");
        DumpScope leftOut = new DumpScope(List.of("warp", "a\"b"), List.of());

        String text;
        try (SchemaDump dump =
                program.start(source, "snap", leftOut, new PgDump.Access(false, true), "warp x")) {
            dump.awaitBeginning();
            StringBuilder read = new StringBuilder();
            for (int letter = dump.text().read(); letter >= 0; letter = dump.text().read()) {
                read.append((char) letter);
            }
            assertThat(dump.finish()).isEmpty();
            text = read.toString();
        }

        assertThat(text.lines().toList())
                .satisfiesExactly(
                        arguments ->
                                assertThat(arguments)
                                        .contains(
                                                "--snapshot=snap",
                                                "--no-owner",
                                                "--exclude-schema=\"warp\"",
                                                "--exclude-schema=\"a\"\"b\"")
                                        .doesNotContain("S3cr3t", "--no-privileges"),
                        environment ->
                                assertThat(environment)
                                        .isEqualTo(
                                                "-- S3cr3t ::1,old 1,2 verify-full /root.crt"
                                                    + " require primary 7 [-c geqo=off -c"
                                                    + " standard_conforming_strings=on] warp x"));
        assertThat(source.environment()).isInstanceOf(Map.class).doesNotContainKey("PGSSLKEY");
    }

    @Test
    void programThatFails_isQuoted() throws Exception {
        Path bin =
                script(
                        "failing",
                        "echo 'pg_dump: reading schemas' >&2; echo 'pg_dump: error: query failed:"
                                + " ERROR:  permission denied for table t' >&2; exit 1");
        PgDump program = new PgDump(bin.resolve("pg_dump"), V15);
        ConnectionSettings source =
                new ConnectionSettings(
                        Side.SOURCE,
                        List.of(new HostPort("old", 2)),
                        "shop",
                        "app",
                        null,
                        Tls.of(SslMode.DISABLE),
                        "any",
                        0,
                        "");

        try (SchemaDump dump =
                program.start(
                        source,
                        "snap",
                        new DumpScope(List.of(), List.of()),
                        new PgDump.Access(true, true),
                        "warp x")) {
            assertThatThrownBy(dump::awaitBeginning)
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            problem ->
                                    assertThat(problem.report())
                                            .contains(
                                                    "source: pg_dump ended with code 1: pg_dump:"
                                                            + " error: query failed: ERROR: "
                                                            + " permission denied for table t",
                                                    "HINT: Grant what is missing")
                                            .doesNotContain("reading schemas"));
        }
    }
}
