package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.cli.WarpCommand;
import warp.config.ByteSize;
import warp.config.MigrationOptions;
import warp.config.MigrationSettings;
import warp.config.SourceOptions;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.TestConnections;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.sandbox.DatabaseContent;
import warp.sandbox.PostgresServer;

/** The source comes first: limits of its log, its load, and a slot that it gives up. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceProtectionPgTest {

    /** A copy that is held up by this takes minutes. */
    private static final String SLOWLY = "--throttle=64kB/s";

    private PostgresServer source;
    private PostgresServer old;
    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        source = PostgresServer.start("18");
        old = PostgresServer.start("9.6");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        old.close();
        destination.close();
    }

    private Move move(PostgresServer from) throws Exception {
        Move move = Move.between(from, destination, directory);
        move.atBoth("CREATE TABLE t (id int PRIMARY KEY, words text)");
        move.atSource(
                "INSERT INTO t SELECT g, repeat(md5(g::text), 30) FROM generate_series(1, 4000) g",
                "CREATE TABLE busy (yes boolean)",
                "INSERT INTO busy VALUES (false)",
                "CREATE TABLE junk (words text)");
        return move;
    }

    private static final String ONLY_T = "--table=t";

    private static void write(Move move, int megabytes) throws SQLException {
        move.atSource(
                "INSERT INTO junk SELECT repeat(md5(g::text), 32) FROM generate_series(1, "
                        + megabytes * 1024
                        + ") g",
                "TRUNCATE junk");
    }

    private static String slots(Move move) throws SQLException {
        return move.askSource(
                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"
                        + move.slot()
                        + "'");
    }

    @Test
    void slotOverTheLimitDuringTheCopy_endsWithBothWaysOut() throws Exception {
        for (PostgresServer from : new PostgresServer[] {source, old}) {
            try (Move move = move(from)) {
                try (WarpCommand command =
                        move.start(ONLY_T, SLOWLY, "--max-source-wal=40MB", "--until=copied")) {
                    command.awaitPrinted("Copying 1 table");
                    write(move, 25);
                    command.awaitPrinted("% of --max-source-wal=40MB");
                    write(move, 25);
                    assertThat(command.await()).isEqualTo(ExitCode.NEEDS_PERSON);
                    assertThat(command.printed())
                            .contains("more than --max-source-wal=40MB")
                            .contains("the source is safe only once the slot is dropped")
                            .containsPattern(
                                    "the same command with --max-source-wal=[0-9]{2,3}MB\\.")
                            .contains("the same command with --clean.")
                            .doesNotContain("Run the same command again to go on.");
                }
                assertThat(slots(move)).isEqualTo("1");
                move.catchUp(ONLY_T, "--max-source-wal=1GB");
                assertThat(move.askDestination("SELECT count(*) FROM t")).isEqualTo("4000");
            }
        }
    }

    @Test
    void limitThatDrops_freesTheSource() throws Exception {
        try (Move move = move(source)) {
            try (WarpCommand command =
                    move.start(
                            ONLY_T,
                            SLOWLY,
                            "--max-source-wal=16MB",
                            "--max-source-wal-action=drop")) {
                command.awaitPrinted("Copying 1 table");
                write(move, 25);
                assertThat(command.await()).isEqualTo(ExitCode.NEEDS_PERSON);
                assertThat(command.printed())
                        .contains("Dropped slot " + move.slot() + " on source.")
                        .contains("Run the same command again: it makes a new slot");
            }
            assertThat(slots(move)).isEqualTo("0");
            move.catchUp(ONLY_T, "--yes");
            assertThat(move.askDestination("SELECT count(*) FROM t")).isEqualTo("4000");
        }
    }

    @Test
    void slotThatIsLostDuringTheCopy_isSaidAtOnce() throws Exception {
        try (PostgresServer small =
                        PostgresServer.builder("13")
                                .setting("max_slot_wal_keep_size", "16MB")
                                .setting("min_wal_size", "32MB")
                                .setting("max_wal_size", "32MB")
                                .start();
                Move move = move(small);
                WarpCommand command = move.start(ONLY_T, SLOWLY)) {
            command.awaitPrinted("Copying 1 table");
            while (!command.hasEnded()) {
                write(move, 20);
                move.atSource("CHECKPOINT");
            }
            assertThat(command.await()).isEqualTo(ExitCode.NEEDS_PERSON);
            assertThat(command.printed())
                    .contains("slot " + move.slot() + " is lost: the source removed log")
                    .contains("max_slot_wal_keep_size = 16MB")
                    .contains("HINT: Run the same command again")
                    .contains("HINT: Before the next copy");
        }
    }

    @Test
    void slotThatSomebodyDropsDuringTheCopy_isSaidAtOnce() throws Exception {
        try (Move move = move(source);
                WarpCommand command = move.start(ONLY_T, SLOWLY, "--max-source-wal=1GB")) {
            command.awaitPrinted("Copying 1 table");
            move.atSource("SELECT pg_drop_replication_slot('" + move.slot() + "')");
            assertThat(command.await()).isEqualTo(ExitCode.NEEDS_PERSON);
            assertThat(command.printed()).contains("is gone: somebody dropped it");
        }
    }

    @Test
    void slotThatGrowsWhileNothingCanBeApplied_endsAndLosesNothing() throws Exception {
        try (Move move = move(source);
                Connection holder = move.destination();
                Statement statement = holder.createStatement()) {
            move.run(ONLY_T, "--until=copied");
            holder.setAutoCommit(false);
            List<String> lines = new CopyOnWriteArrayList<>();
            CompletableFuture<Object> ended = replicate(move, lines);
            while (!lines.contains("Started replication") && !ended.isDone()) {
                Thread.sleep(20);
            }
            statement.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            int round = 0;
            while (!ended.isDone()) {
                move.atSource("UPDATE t SET words = words || '" + round++ + "' WHERE id < 500");
            }
            assertThat(ended.join())
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            problem -> {
                                assertThat(problem.code().exitCode())
                                        .isEqualTo(ExitCode.NEEDS_PERSON);
                                assertThat(problem.report())
                                        .contains("more than --max-source-wal=30MB")
                                        .contains("the same command with --clean.");
                            });
            holder.rollback();
            move.catchUp(ONLY_T, "--max-source-wal=2GB");
            assertThat(move.compare(DatabaseContent.Scope.ofTables("public.t")).differences())
                    .isEmpty();
        }
    }

    /** Replicates as the command would, but with less patience; what came of it. */
    private CompletableFuture<Object> replicate(Move move, List<String> lines) {
        MigrationSettings settings =
                new MigrationSettings(
                        "warp",
                        TestConnections.settings(Side.SOURCE, source, "shop"),
                        TestConnections.settings(Side.DESTINATION, destination, "shop_to"),
                        move.slot(),
                        MigrationOptions.NONE
                                .withTables(List.of("t"), List.of())
                                .withSource(
                                        new SourceOptions(
                                                ByteSize.megabytes(30),
                                                null,
                                                null,
                                                null,
                                                null,
                                                null)),
                        true,
                        new MigrationSettings.Until.Stopped());
        Progress progress = new Progress();
        StopSignal stop = new StopSignal();
        EventLog log = new KeptLog(lines);
        Ends ends = Ends.of(settings, log);
        CompletableFuture<Object> ended = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (Logins logins = new Logins(ends);
                            SourceProtection protection =
                                    new SourceProtection(
                                            settings,
                                            ends,
                                            progress,
                                            log,
                                            stop,
                                            Duration.ofSeconds(3))) {
                        protection.begin();
                        ended.complete(
                                protection.during(() ->
                                        new Replication(
                                                        new Run(
                                                                settings,
                                                                ends,
                                                                progress,
                                                                log,
                                                                stop,
                                                                new Patience(null, log, stop)),
                                                        logins,
                                                        new MigrationLock(move.slot(), log, stop))
                                                .run()));
                    } catch (WarpException | InterruptedException problem) {
                        ended.complete(problem);
                    }
                });
        return ended;
    }

    /** Keeps every line. */
    private record KeptLog(List<String> lines) implements EventLog {
        @Override
        public void info(String line) {
            lines.add(line);
        }

        @Override
        public void warn(String line, List<String> hints) {
            lines.add(line);
        }

        @Override
        public void detail(String line) {
            lines.add(line);
        }

        @Override
        public void trace(String line, Throwable problem) {
            lines.add(line);
        }

        @Override
        public void error(String line, List<String> hints) {
            lines.add(line);
        }
    }

    @Test
    void busySource_pausesTheCopyWithItsReasonInEveryLine() throws Exception {
        try (Move move = move(source);
                Connection busy = move.source();
                Statement statement = busy.createStatement()) {
            Thread working =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    statement.execute("SELECT pg_sleep(600)");
                                } catch (SQLException cancelled) {
                                    // As it should be.
                                }
                            });
            try (WarpCommand command =
                    move.start(ONLY_T, "--throttle=200kB/s", "--max-load=0", "--until=copied")) {
                command.awaitPrinted("Pausing: 1 session is active at the source (--max-load=0)");
                command.awaitPrinted(
                        " s: 1 session is active at the source (--max-load=0)"
                                + System.lineSeparator());
                assertThat(command.printed()).contains(" | paused for ");
                assertThat(command.hasEnded()).isFalse();
                while (working.isAlive()) {
                    statement.cancel();
                    working.join(Duration.ofMillis(50));
                }
                command.awaitPrinted("Going on after ");
                assertThat(command.terminate()).isEqualTo(ExitCode.TERMINATED);
            }
            move.catchUp(ONLY_T);
            assertThat(move.askDestination("SELECT count(*) FROM t")).isEqualTo("4000");
        }
    }

    @Test
    void copyThatIsPaused_stillStopsAtOnce() throws Exception {
        try (Move move = move(source)) {
            try (WarpCommand command = move.start(ONLY_T, "--throttle-query=SELECT true")) {
                command.awaitPrinted("Pausing: --throttle-query gives true");
                command.awaitPrinted("Copying 1 table");
                assertThat(command.terminate()).isEqualTo(ExitCode.TERMINATED);
            }
            move.catchUp(ONLY_T);
        }
    }

    @Test
    void replication_isPausedByAQueryAndGoesOnInStep() throws Exception {
        for (PostgresServer from : new PostgresServer[] {source, old}) {
            try (Move move = move(from);
                    WarpCommand command =
                            move.start(ONLY_T, "--throttle-query=SELECT yes FROM busy")) {
                command.awaitPrinted("Started replication");
                move.atSource("UPDATE busy SET yes = true");
                command.awaitPrinted("Pausing: --throttle-query gives true");
                move.atSource("DELETE FROM t WHERE id > 10");
                command.awaitPrinted(" messages/s | paused for ");
                move.atSource("UPDATE busy SET yes = false");
                command.awaitPrinted("Going on after ");
                while (!move.askDestination("SELECT count(*) FROM t").equals("10")) {
                    Thread.sleep(20);
                }
                assertThat(command.terminate()).isEqualTo(ExitCode.TERMINATED);
            }
        }
    }
}
