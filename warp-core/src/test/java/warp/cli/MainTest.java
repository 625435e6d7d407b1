package warp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.ByteSize;
import warp.config.ConfigFile;
import warp.config.SchemaOptions;
import warp.config.SourceOptions;
import warp.config.TimeSpan;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.model.Side;

@Timeout(120)
class MainTest {

    private static final String SOURCE = "--source=postgresql://app:S3cr3t@old/shop";
    private static final String DESTINATION = "--destination=postgresql://app:S3cr3t@new/shop";

    @TempDir Path directory;
    private CommandRig rig;

    @BeforeEach
    void prepare() {
        rig = new CommandRig(directory);
    }

    private void config(String name, String rest) throws IOException {
        Files.writeString(
                directory.resolve(name),
                "source: host=old dbname=%s\ndestination: host=new dbname=%s\n%s"
                        .formatted(name, name, rest));
    }

    private ExitCode fails(ExitCode code) {
        rig.migrations.script("warp", (settings, log, prompt, stop) -> code);
        return rig.run(SOURCE, DESTINATION);
    }

    @Test
    void urls_runAMigration() {
        assertThat(rig.run(SOURCE, DESTINATION)).isEqualTo(ExitCode.DONE);

        assertThat(rig.migrations.calls()).containsExactly("run");
        assertThat(rig.migrations.only().source().display()).isEqualTo("old:5432/shop");
        assertThat(rig.migrations.only().slot()).isEqualTo("citus_warp");
        assertThat(rig.out() + rig.err()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void urlsOfTheEnvironment_standForTheSwitches() {
        rig.variables.put("WARP_SOURCE_URI", "postgresql://old/a");
        rig.variables.put("WARP_DESTINATION_URI", "host=new dbname=b");

        assertThat(rig.run("-s", "host=other dbname=c")).isEqualTo(ExitCode.DONE);

        assertThat(rig.migrations.only().source().display()).isEqualTo("other:5432/c");
        assertThat(rig.migrations.only().destination().display()).isEqualTo("new:5432/b");
    }

    @Test
    void oneUrl_needsTheOtherOrTheVariables() {
        assertThat(rig.run(SOURCE)).isEqualTo(ExitCode.USAGE);
        assertThat(rig.err()).contains("--destination is missing");

        rig.variables.put("PGHOST", "elsewhere");
        assertThat(rig.run(SOURCE)).isEqualTo(ExitCode.DONE);
        assertThat(rig.migrations.only().destination().display())
                .isEqualTo("elsewhere:5432/osuser");
    }

    @Test
    void defaultConfig_isReadWhereNothingIsSaid() throws IOException {
        config(ConfigFile.DEFAULT_NAME, "slot: mine\nbatch-statements: 7\ntables: [a]\n");

        assertThat(rig.run("-batch-transactions", "9", "-T", "x", "-T=y")).isEqualTo(ExitCode.DONE);

        assertThat(rig.migrations.only().name()).isEqualTo("default_custom_config");
        assertThat(rig.migrations.only().slot()).isEqualTo("mine");
        assertThat(rig.migrations.only().options().batchStatementsMax()).isEqualTo(7);
        assertThat(rig.migrations.only().options().batchTransactionsMax()).isEqualTo(9);
        assertThat(rig.migrations.only().options().tables()).containsExactly("a");
        assertThat(rig.migrations.only().options().excludedTables()).containsExactly("x", "y");
    }

    @Test
    void noConfigNoUrl_showsTheMenu() throws IOException {
        config(".karla.yaml", "");
        rig.type("1\n");

        assertThat(rig.run()).isEqualTo(ExitCode.DONE);

        assertThat(rig.out()).contains("1) .karla.yaml", "Config file found: .karla.yaml");
        assertThat(rig.migrations.only().name()).isEqualTo("karla");
    }

    @Test
    void nothingToGoOn_isUsage() {
        assertThat(rig.run()).isEqualTo(ExitCode.USAGE);
        assertThat(rig.err()).contains("HINT: warp --setup");
    }

    @Test
    void setup_writesWhatTheNextRunReads() {
        rig.type("old\n\napp\nS3cr3t\nshop\n\nnew\n\napp\nS3cr3t\nshop\n\n");

        assertThat(rig.run("-setup")).isEqualTo(ExitCode.DONE);
        assertThat(rig.out()).doesNotContain("S3cr3t");
        assertThat(rig.run()).isEqualTo(ExitCode.DONE);

        assertThat(rig.migrations.only().destination().display()).isEqualTo("new:5432/shop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--max-source-wal=10 | such as 500MB or 10GB",
                "--max-load=some | such as 50",
                "--max-replica-lag=30 | such as 30s or 5min",
                "--throttle=fast | such as 20MB/s",
                "--throttle-query= | SELECT count(*)",
                "--max-source-wal-action=wait | stop or drop",
                "--max-source-wal-action=drop | add --max-source-wal=SIZE, such as 10GB"
            })
    void wrongWishToSpareTheSource_isUsageWithAnExample(String word, String example) {
        assertThat(rig.run(SOURCE, DESTINATION, word)).isEqualTo(ExitCode.USAGE);

        assertThat(rig.err()).contains(example);
        assertThat(rig.migrations.calls()).isEmpty();
    }

    @Test
    void wishesToSpareTheSource_reachTheMigration() {
        assertThat(
                        rig.run(
                                SOURCE,
                                DESTINATION,
                                "--max-source-wal=10GB",
                                "--max-source-wal-action=drop",
                                "-max-load=50",
                                "--max-replica-lag=30s",
                                "--throttle-query=SELECT true",
                                "--throttle",
                                "20MB/s"))
                .isEqualTo(ExitCode.DONE);

        assertThat(rig.migrations.only().options().source())
                .isEqualTo(
                        new SourceOptions(
                                ByteSize.megabytes(10 << 10),
                                SourceOptions.WalAction.DROP,
                                50,
                                TimeSpan.seconds(30),
                                "SELECT true",
                                ByteSize.megabytes(20)));
    }

    @ParameterizedTest
    @CsvSource({
        "--testing, check",
        "-testing, check",
        "check, check",
        "run, run",
        "-clean, clean",
        "--clean-full, clean full"
    })
    void task_isWhatIsAskedFor(String word, String call) {
        assertThat(rig.run(SOURCE, word, DESTINATION)).isEqualTo(ExitCode.DONE);

        assertThat(rig.migrations.calls()).containsExactly(call);
    }

    @Test
    void everySwitch_takesOneDashOrTwoBlankOrEquals() {
        assertThat(
                        rig.run(
                                "-source=host=old dbname=shop",
                                "-destination",
                                "host=new dbname=shop",
                                "---batch-transactions=3",
                                "-batch-statements",
                                "5",
                                "-slot=my_slot",
                                "-table=public.*",
                                "-t",
                                "b",
                                "-exclude-table",
                                "-weird",
                                "-parallel-dump=4",
                                "--parallel-restore",
                                "6",
                                "-skip-initial-sync",
                                "-keep-indexes",
                                "-until",
                                "caught-up",
                                "-yes",
                                "-v"))
                .isEqualTo(ExitCode.DONE);

        var settings = rig.migrations.only();
        assertThat(settings.slot()).isEqualTo("my_slot");
        assertThat(settings.options().tables()).containsExactly("public.*", "b");
        assertThat(settings.options().excludedTables()).containsExactly("-weird");
        assertThat(settings.options().jobsAsked()).contains(6);
        assertThat(settings.options().batchStatementsMax()).isEqualTo(5);
        assertThat(settings.options().batchTransactionsMax()).isEqualTo(3);
        assertThat(settings.options().skipInitialSync()).isTrue();
        assertThat(settings.options().keepIndexes()).isTrue();
        assertThat(settings.assumeYes()).isTrue();
        assertThat(settings.until()).hasToString("CaughtUp[]");
    }

    @ParameterizedTest
    @CsvSource({
        "--sorce=S3cr3t, unknown switch --sorce; did you mean --source?",
        "-clena, unknown switch -clena; did you mean --clean?",
        "--elephant, unknown switch --elephant",
        "chekc, unknown command; did you mean check?",
        "S3cr3t, a word that is neither a switch nor a command",
        "--slot, --slot needs a value",
        "--clean=S3cr3t, --clean takes no value",
    })
    void wrongSwitch_isNamedInOneLineThenHelpIsShown(String argument, String line) {
        assertThat(rig.run(SOURCE, argument)).isEqualTo(ExitCode.USAGE);

        assertThat(rig.err()).startsWith("ERROR: " + line).contains("Usage: citus_warp [COMMAND]");
        assertThat(rig.err()).doesNotContain("S3cr3t");
        assertThat(rig.migrations.calls()).isEmpty();
    }

    @Test
    void switchGivenTwice_isRefusedWhereItHasOneValue() {
        assertThat(rig.run("--slot=a", SOURCE, "-slot", "b")).isEqualTo(ExitCode.USAGE);
        assertThat(rig.err()).startsWith("ERROR: --slot is given twice");
    }

    @Test
    void repeatableSwitches_keepTheirOrderWhateverStandsBetween() {
        assertThat(rig.run("-t", "a", SOURCE, "-v", "-t=b", DESTINATION, "-v", "-table", "c"))
                .isEqualTo(ExitCode.DONE);
        assertThat(rig.migrations.only().options().tables()).containsExactly("a", "b", "c");
    }

    @Test
    void switchesAboutSchemas_areUnderstood() {
        assertThat(
                        rig.run(
                                SOURCE,
                                DESTINATION,
                                "--sync-schema",
                                "-n",
                                "a",
                                "-n=b",
                                "-N",
                                "c",
                                "-no-owner",
                                "--no-privileges"))
                .isEqualTo(ExitCode.DONE);
        assertThat(rig.migrations.only().options().schema())
                .isEqualTo(new SchemaOptions(true, List.of("a", "b"), List.of("c"), true, true));
    }

    @Test
    void schemaWithoutCopy_isRefused() {
        assertThat(rig.run(SOURCE, DESTINATION, "--sync-schema", "--skip-initial-sync"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(rig.err()).contains("--sync-schema and --skip-initial-sync exclude each other");
    }

    @Test
    void logWithoutAFile_leavesTheFollowingSwitchAlone() {
        assertThat(rig.run("-log", "-yes", SOURCE, DESTINATION)).isEqualTo(ExitCode.DONE);
        assertThat(rig.migrations.only().assumeYes()).isTrue();
        assertThat(directory.resolve(".warp.log")).exists();
    }

    @ParameterizedTest
    @CsvSource({
        "--batch-statements=0, --batch-statements needs a whole number from 1 to 100000",
        "--batch-statements=100001, --batch-statements needs a whole number from 1 to 100000",
        "--batch-transactions=x, --batch-transactions needs a whole number from 1 to 100000",
        "--jobs=65, --jobs needs a whole number from 1 to 64",
        "--parallel-dump=-1, --parallel-dump needs a whole number from 1 to 64",
        "--slot=Bad-Name, slot name \"Bad-Name\"",
        "--until=tomorrow, '--until needs copied, caught-up, or an LSN such as 16/B374D848'",
        "--tmp-dir-max=1GB, '--tmp-dir-max is for --tmp-dir, which is missing'",
        "--tmp-dir-max=1000kB, '--tmp-dir-max needs a size of at least 1MB, such as'",
        "--restore-only, '--restore-only loads what --tmp-dir holds, and that is missing'",
    })
    void badValue_isNamedWithItsRange(String argument, String line) {
        assertThat(rig.run(SOURCE, DESTINATION, argument)).isEqualTo(ExitCode.USAGE);

        assertThat(rig.err()).startsWith("ERROR: " + line);
        assertThat(rig.migrations.calls()).isEmpty();
    }

    @Test
    void switchesAboutFiles_areUnderstood() {
        assertThat(
                        rig.run(
                                SOURCE,
                                DESTINATION,
                                "-tmp-dir=dump/../files",
                                "-tmp-dir-max=2GB",
                                "-parallel-dump=3",
                                "-jobs=5",
                                "-restore-only"))
                .isEqualTo(ExitCode.DONE);
        var options = rig.migrations.only().options();
        assertThat(options.staging().directory()).isEqualTo(directory.resolve("files").toString());
        assertThat(options.staging().bytesAtMost()).isEqualTo(2L << 30);
        assertThat(options.staging().restoreOnly()).isTrue();
        assertThat(options.readersAsked()).contains(3);
        assertThat(options.writersAsked()).contains(5);
        assertThat(options.jobsAsked()).contains(5);
    }

    @Test
    void restoreOnlyAndSkipInitialSync_areOneAfterTheOther() {
        assertThat(
                        rig.run(
                                SOURCE,
                                DESTINATION,
                                "--tmp-dir=x",
                                "--restore-only",
                                "--skip-initial-sync"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(rig.err())
                .contains("--restore-only and --skip-initial-sync exclude each other")
                .contains("HINT: first --restore-only, then the same command with --skip");
    }

    @Test
    void sameDatabaseTwice_isRefused() {
        assertThat(rig.run(SOURCE, "-d", "host=old dbname=shop user=other"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(rig.err()).contains("the same database: old:5432/shop");
    }

    @Test
    void brokenUrl_saysTheSideAndNotTheUrl() {
        assertThat(rig.run(SOURCE, "-d", "postgresql://app:S3cr3t@new:x/shop"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(rig.err())
                .startsWith("ERROR: destination: the URI's port")
                .doesNotContain("S3cr3t");
    }

    @Test
    void help_namesEverySwitchAndTheProgramAsCalled() {
        assertThat(rig.run("help")).isEqualTo(ExitCode.DONE);
        assertThat(rig.run("-help")).isEqualTo(ExitCode.DONE);

        assertThat(rig.out()).contains("Usage: citus_warp", "Exit codes:", "citus_warp --setup");
        assertThat(rig.out()).contains(Switch.allNames());
        assertThat(rig.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(rig.err()).isEmpty();
    }

    @Test
    void version_isOneLine() {
        assertThat(rig.run("version")).isEqualTo(ExitCode.DONE);
        assertThat(rig.out()).startsWith("citus_warp ").hasLineCount(1);
    }

    @Test
    void exitCodeOfTheMigration_isTheProcesss() {
        for (ExitCode code : ExitCode.values()) {
            assertThat(fails(code)).isEqualTo(code);
        }
    }

    @Test
    void operatingError_isReportedWithItsHintAndItsCode() throws IOException {
        rig.migrations.script(
                "warp",
                (settings, log, prompt, stop) -> {
                    throw new WarpException(ErrorCode.LOGIN, "password refused")
                            .at(Side.SOURCE)
                            .sqlState("28P01")
                            .hint("check PGPASSWORD");
                });

        assertThat(rig.run(SOURCE, DESTINATION)).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(rig.err())
                .isEqualTo(
                        """
                        ERROR: source: password refused (SQLSTATE 28P01)
                        HINT: check PGPASSWORD
                        """);
        assertThat(directory).isEmptyDirectory();

        assertThat(rig.run(SOURCE, DESTINATION, "-v")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(rig.err() + rig.out()).doesNotContain("RecordingMigrations");
        assertThat(Files.readString(directory.resolve(".warp.log")))
                .contains("ERROR: source: password refused", "RecordingMigrations.java");
    }

    @Test
    void defect_leavesItsTraceInTheLogFile() throws IOException {
        rig.migrations.script(
                "warp",
                (settings, log, prompt, stop) -> {
                    throw new IllegalStateException("no such state");
                });

        assertThat(rig.run(SOURCE, DESTINATION)).isEqualTo(ExitCode.DEFECT);

        Path log = directory.resolve(".warp.log");
        assertThat(rig.err())
                .startsWith("ERROR: This is a defect in Warp, please report it")
                .contains(log.toString())
                .doesNotContain("\tat ");
        assertThat(Files.readString(log)).contains("no such state", "MainTest.java");
    }

    @Test
    void stop_endsWithItsCodeAndSaysHowToGoOn() {
        rig.migrations.script(
                "warp",
                (settings, log, prompt, stop) -> {
                    stop.request(ExitCode.TERMINATED);
                    throw new InterruptedException();
                });

        assertThat(rig.run(SOURCE, DESTINATION)).isEqualTo(ExitCode.TERMINATED);
        assertThat(rig.out()).contains("Run the same command again to go on.");
        assertThat(rig.err()).isEmpty();
    }

    @Test
    void stopWhileAQuestionIsOpen_endsWithItsCode() throws IOException {
        config(".karla.yaml", "");
        rig.stop.request(ExitCode.INTERRUPTED);

        assertThat(rig.run()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(rig.err()).isEmpty();

        rig.migrations.script(
                "warp",
                (settings, log, prompt, stop) -> {
                    throw new WarpException(ErrorCode.REFUSED, "TRUNCATE was refused");
                });
        assertThat(rig.run(SOURCE, DESTINATION)).isEqualTo(ExitCode.INTERRUPTED);
    }

    @Test
    void logBeforeACommand_doesNotSwallowIt() {
        assertThat(rig.run("-log", "check", SOURCE, DESTINATION)).isEqualTo(ExitCode.DONE);
        assertThat(rig.migrations.calls()).containsExactly("check");
        assertThat(directory.resolve(".warp.log")).exists();
    }

    @Test
    void log_goesToTheFileAskedFor() throws IOException {
        rig.migrations.script(
                "warp",
                (settings, log, prompt, stop) -> {
                    log.info("Started replication");
                    return ExitCode.DONE;
                });

        assertThat(rig.run(SOURCE, DESTINATION, "-log", "my.log")).isEqualTo(ExitCode.DONE);
        assertThat(rig.run(SOURCE, DESTINATION, "-log")).isEqualTo(ExitCode.DONE);

        String line = "2021-07-23 21:33:06.146 UTC: Started replication\n";
        assertThat(rig.out()).isEqualTo(line);
        assertThat(Files.readString(directory.resolve("my.log"))).isEqualTo(line);
        assertThat(Files.readString(directory.resolve(".warp.log"))).isEqualTo(line);
    }

    @Test
    void severalConfigs_runSideBySideEachWithItsOwnSlotLogAndEnd() throws IOException {
        config("a.yaml", "");
        config(".b.yaml", "");
        CyclicBarrier both = new CyclicBarrier(2);
        for (String name : List.of("a", "b")) {
            rig.migrations.script(
                    name,
                    (settings, log, prompt, stop) -> {
                        meet(both);
                        log.info("here is " + settings.slot());
                        return name.equals("a") ? ExitCode.UNREACHABLE : ExitCode.INTERRUPTED;
                    });
        }

        assertThat(rig.run("-config=a.yaml,.b.yaml")).isEqualTo(ExitCode.UNREACHABLE);

        assertThat(rig.out())
                .contains("UTC: [a] here is citus_warp_a", "UTC: [b] here is citus_warp_b");
        assertThat(directory.resolve(".a.log"))
                .content()
                .contains("citus_warp_a")
                .doesNotContain("_b");
        assertThat(directory.resolve(".b.log"))
                .content()
                .contains("citus_warp_b")
                .doesNotContain("_a");

        assertThat(rig.run("--config", "a.yaml,.b.yaml", "--slot", "x,y"))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(rig.out()).contains("[a] here is x", "[b] here is y");
    }

    private static void meet(CyclicBarrier both) {
        try {
            both.await(60, TimeUnit.SECONDS);
        } catch (Exception apart) {
            throw new IllegalStateException("the migrations do not run side by side", apart);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--slot=x | --slot names 1 and --config 2",
                "--slot=x,y,z | --slot names 3 and --config 2",
                "--slot=x,x | a and b share a server and the slot x",
                "--slot=x, | --slot has an empty name",
                "--log=f | --log=FILE is for one migration",
                "--source=host=x | exclude each other",
            })
    void severalConfigs_needMatchingSlots(String argument, String line) throws IOException {
        config("a.yaml", "");
        config("b.yaml", "");

        assertThat(rig.run("--config=a.yaml,b.yaml", argument)).isEqualTo(ExitCode.USAGE);

        assertThat(rig.err()).contains(line);
        assertThat(rig.migrations.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.yaml,a.yaml", "a.yaml,./a.yaml", "absent.yaml", "a.yaml,"})
    void configThatCannotBeUsed_isRefused(String files) throws IOException {
        config("a.yaml", "");

        assertThat(rig.run("--config=" + files)).isEqualTo(ExitCode.USAGE);
        assertThat(rig.migrations.calls()).isEmpty();
    }

    @Test
    void cleanFull_removesConfigAndLogAfterAYes() throws IOException {
        config("a.yaml", "");
        Files.writeString(directory.resolve(".a.log"), "old");
        Files.writeString(directory.resolve("other"), "stays");

        rig.type("no\n");
        assertThat(rig.run("--clean-full", "--config=a.yaml")).isEqualTo(ExitCode.DONE);
        assertThat(directory.resolve("a.yaml")).exists();
        assertThat(rig.out()).contains("Please type yes or no");

        rig.type("yes\n");
        assertThat(rig.run("--clean-full", "--config=a.yaml")).isEqualTo(ExitCode.DONE);
        assertThat(directory).isDirectoryNotContaining("glob:**a.yaml");
        assertThat(directory.resolve(".a.log")).doesNotExist();
        assertThat(directory.resolve("other")).exists();
    }

    @Test
    void cleanFullThatFails_removesNothing() throws IOException {
        config("a.yaml", "");
        rig.migrations.script("a", (settings, log, prompt, stop) -> ExitCode.UNREACHABLE);

        assertThat(rig.run("--clean-full", "--yes", "--config=a.yaml"))
                .isEqualTo(ExitCode.UNREACHABLE);

        assertThat(directory.resolve("a.yaml")).exists();
    }

    @Test
    void passwordFileOpenToOthers_isWarnedOf() throws IOException {
        Path file = Files.writeString(directory.resolve(".pgpass"), "*:*:*:*:x\n");
        Files.setPosixFilePermissions(
                file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(rig.run("-s", "host=old", "-d", "host=new")).isEqualTo(ExitCode.DONE);

        assertThat(rig.err()).contains("WARNING: password file ", "HINT: chmod 0600 " + file);
    }
}
