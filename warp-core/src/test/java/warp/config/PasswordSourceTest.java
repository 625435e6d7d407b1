package warp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/** Passwords from programs, files and variables of one side. */
@Timeout(60)
class PasswordSourceTest {

    @TempDir Path folder;
    private final Map<String, String> variables = new HashMap<>();
    private final List<Warning> warnings = new ArrayList<>();
    private Path asked;
    private Path config;

    @BeforeEach
    void prepare() {
        asked = folder.resolve("asked");
        config = folder.resolve("shop.yaml");
        variables.put("PGSYSCONFDIR", folder.resolve("etc").toString());
    }

    private ConnectionStrings strings() {
        return new ConnectionStrings(
                new Environment(variables, folder, "osuser", folder), warnings::add);
    }

    private ConnectionSettings configured(String lines) {
        PrivateFile.write(
                config, "source:\n  host: old\n" + lines + "destination: host=new dbname=x\n");
        ConfigFile read = ConfigFile.read(config, strings(), warnings::add);
        return strings().complete(Side.SOURCE, read.source());
    }

    private WarpException refused(String lines) {
        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class,
                        () -> configured(lines).secret().orElseThrow().reveal());
        assertThat(refusal).as("a refusal of %s", lines).isNotNull();
        assertThat(refusal.report()).doesNotContain("c4nary");
        return refusal;
    }

    private static String password(ConnectionSettings settings) {
        return settings.secret().orElseThrow().reveal();
    }

    /** A program that notes each call and runs these lines. */
    private Path program(String... lines) throws IOException {
        Path program = folder.resolve("token");
        Files.writeString(
                program,
                "#!/bin/sh\necho x >> '" + asked + "'\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }

    private long calls() throws IOException {
        return Files.exists(asked) ? Files.readAllLines(asked).size() : 0;
    }

    @Test
    void aCommand_isRunWithItsWordsAndWithoutAShell() throws IOException {
        String line = "  passwordCommand: " + program("printf '%s|' \"$@\"");

        assertThat(password(configured(line + " 'a b' $(id)\"\"x >y\n")))
                .isEqualTo("a b|$(id)x|>y|");
        assertThat(
                        password(
                                configured(
                                        "  passwordCommand: [%s, 'a b', '$HOME;id', '']\n"
                                                .formatted(folder.resolve("token")))))
                .isEqualTo("a b|$HOME;id||");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "t0ken!t0ken",
                "t0ken\\n!t0ken",
                "t0ken\\r\\n!t0ken",
                "~ t0 ken \\n~!~ t0 ken ~"
            })
    void oneLineEnd_isNotPartOfThePassword(String printed, String password) throws IOException {
        String line = "  passwordCommand: %s\n".formatted(program("printf '" + printed + "'"));

        assertThat(password(configured(line))).isEqualTo(password);
    }

    @Test
    void aToken_isAskedForAgainOnceItIsOlderThanAMinute() throws IOException {
        long[] now = {0};
        PasswordCommand command =
                new PasswordCommand(
                        Side.SOURCE,
                        List.of(program("wc -l < '" + asked + "'").toString()),
                        () -> now[0]);

        assertThat(command.current().strip()).isEqualTo("1");
        now[0] += Duration.ofSeconds(59).toNanos();
        assertThat(command.current().strip()).isEqualTo("1");
        now[0] += Duration.ofSeconds(2).toNanos();
        assertThat(command.current().strip()).isEqualTo("2");
        assertThat(command.renew(now[0])).as("it is new").isFalse();
        assertThat(command.renew(now[0] + 1)).isTrue();
        assertThat(command.current().strip()).isEqualTo("3");
    }

    @Test
    void manyConnectionsAtOnce_askOnce() throws Exception {
        ConnectionSettings settings =
                configured("  passwordCommand: %s\n".formatted(program("echo t0ken")));
        List<Future<String>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                all.add(threads.submit(() -> password(settings)));
            }
        }
        for (Future<String> each : all) {
            assertThat(each.get()).isEqualTo("t0ken");
        }
        assertThat(calls()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "echo c4nary; echo c4nary >&2; exit 3!ended with code 3",
                "true!did not print one line with a password",
                "echo; echo!did not print one line with a password",
                "printf 'c4nary\\nc4nary\\n'!did not print one line with a password",
                "yes c4nary!prints too much for a password",
                "kill -9 $$!ended with code 137",
            })
    void aCommandThatFails_isNamedWithoutWhatItSays(String line, String how) throws IOException {
        Path program = program(line);

        WarpException refusal =
                refused("  passwordCommand: [%s, --secret, c4nary]\n".formatted(program));

        assertThat(refusal.code()).as("tried again later").isEqualTo(ErrorCode.CONNECTION);
        assertThat(refusal.summary()).isEqualTo("source: passwordCommand: " + program + " " + how);
        assertThat(refusal.hints()).hasSize(1);
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void aCommandThatIsNotThere_isAMistakeOfTheConfiguration() {
        WarpException refusal = refused("  passwordCommand: [/no/such, c4nary]\n");

        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIG);
        assertThat(refusal).hasMessage("passwordCommand: /no/such cannot be started");
    }

    @Test
    void anInterruptedQuestion_leavesNoProcess() throws Exception {
        Path pid = folder.resolve("pid");
        Path program = program("echo $$ > '" + pid + "'; exec sleep 1000");
        ConnectionSettings settings = configured("  passwordCommand: %s\n".formatted(program));
        CompletableFuture<WarpException> ended = new CompletableFuture<>();
        Thread asking =
                Thread.ofVirtual()
                        .start(() ->
                                ended.complete(
                                        catchThrowableOfType(
                                                WarpException.class, () -> password(settings))));
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            Thread.onSpinWait();
        }
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        asking.interrupt();
        asking.join();

        assertThat(ended.join().code()).isEqualTo(ErrorCode.INTERRUPTED);
        process.onExit().join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw----", "rw----rw-", "rw-r---w-"})
    void aCommandInAFileThatOthersMayWrite_isNotRun(String mode) throws IOException {
        Path program = program("echo t0ken");
        PrivateFile.write(
                config,
                "source:\n  host: old\n  passwordCommand: %s\ndestination: host=new\n"
                        .formatted(program));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString(mode));

        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class,
                        () -> ConfigFile.read(config, strings(), warnings::add));

        assertThat(refusal).hasMessageContaining("is not run from a file that others can write");
        assertThat(refusal.hints()).anyMatch(hint -> hint.contains("chmod 0600 " + config));
        assertThat(calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "passwordCommand: []|needs a program and its words",
                "passwordCommand: ''|names no program",
                "passwordCommand: \"x 'c4nary\"|has a quote that is not closed",
                "passwordCommand: [[x]]|needs a list of words",
                "passwordFile: []|needs the name of a file",
                "passwordfile: x|did you mean \"passwordFile\"?",
                "passwordComand: x|did you mean \"passwordCommand\"?",
            })
    void nonsense_isRefused(String line, String why) {
        WarpException refusal = refused("  " + line + "\n");

        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIG);
        assertThat(refusal.report()).contains(why);
    }

    @Test
    void twoSourcesOfOnePassword_areRefused() {
        assertThat(refused("  password: c4nary\n  passwordFile: x\n").getMessage())
                .contains("source.password");
        assertThat(refused("  passwordFile: x\n  passwordCommand: y\n").getMessage())
                .contains("another source of the password");
    }

    @Test
    void aFile_isReadAnewForEachConnection() throws IOException {
        Path file = folder.resolve("pw");
        PrivateFile.write(file, "one two\n");
        ConnectionSettings settings = configured("  passwordFile: pw\n");
        assertThat(password(settings)).isEqualTo("one two");
        PrivateFile.write(file, "renewed");
        assertThat(password(settings)).isEqualTo("renewed");
        assertThat(warnings).isEmpty();
        PrivateFile.write(file, "c4nary\nc4nary\n");
        assertThat(refused("  passwordFile: pw\n").code()).isEqualTo(ErrorCode.FILE);
        Files.delete(file);
        assertThat(refused("  passwordFile: pw\n")).hasMessage(file + " does not exist");
    }

    @Test
    void aFileThatIsOpenToOthers_isWarnedOf() throws IOException {
        Path file = Files.writeString(folder.resolve("pw"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        configured("  passwordFile: pw\n");

        assertThat(warnings)
                .containsExactly(
                        new Warning(
                                "source: password file " + file + " is open to others",
                                "chmod 0600 " + file));
    }

    @Test
    void variablesOfASide_areItsOwn() throws IOException {
        PrivateFile.write(folder.resolve("pw"), "from file");
        variables.put("PGPASSWORD", "for both");
        variables.put("WARP_SOURCE_PASSWORD_FILE", "pw");
        variables.put("WARP_DESTINATION_PASSWORD_COMMAND", program("echo $1 $1") + " 'a b'");

        assertThat(password(strings().read(Side.SOURCE, "host=old"))).isEqualTo("from file");
        assertThat(password(strings().read(Side.DESTINATION, "host=new"))).isEqualTo("a b a b");
        assertThat(password(strings().read(Side.SOURCE, "host=old password=given")))
                .isEqualTo("given");
        variables.put("WARP_SOURCE_PASSWORD", "c4nary");
        WarpException both =
                catchThrowableOfType(
                        WarpException.class, () -> strings().read(Side.SOURCE, "host=old"));
        assertThat(both.report()).contains("more than one of").doesNotContain("c4nary");
        variables.remove("WARP_SOURCE_PASSWORD_FILE");
        assertThat(password(strings().read(Side.SOURCE, "host=old"))).isEqualTo("c4nary");
    }
}
