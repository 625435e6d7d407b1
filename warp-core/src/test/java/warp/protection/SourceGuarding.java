package warp.protection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import warp.config.ByteSize;
import warp.config.SourceOptions;
import warp.config.TimeSpan;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.postgres.ThrottleQuery;
import warp.postgres.wire.ChangeStream;
import warp.progress.EventLog;
import warp.progress.Progress;
import warp.protection.SourceGuard.Verdict;
import warp.sandbox.PostgresServer;

/** Looks at real servers, old and new. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SourceGuarding {

    private static final String NAME = "warp shop";

    private final String version;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private PostgresServer server;
    private Connector connector;

    SourceGuarding(String version) {
        this.version = version;
    }

    @BeforeAll
    void start() throws Exception {
        server = PostgresServer.start(version);
        server.execute(
                "postgres",
                "CREATE ROLE plain LOGIN PASSWORD 'warp'",
                "CREATE TABLE junk (words text)",
                "CREATE SEQUENCE numbers",
                "CREATE TABLE busy (yes boolean)",
                "INSERT INTO busy VALUES (false)");
        connector =
                new Connector(
                        TestConnections.settings(
                                Side.SOURCE,
                                server,
                                "postgres",
                                PostgresServer.USER,
                                PostgresServer.PASSWORD),
                        NAME);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        lines.clear();
    }

    private void write(int megabytes) throws Exception {
        server.execute(
                "postgres",
                "INSERT INTO junk SELECT repeat(md5(g::text), 1000 / 32 + 1) FROM"
                        + " generate_series(1, "
                        + megabytes * 1024
                        + ") g",
                "TRUNCATE junk");
    }

    private void createSlot(String slot) throws Exception {
        server.execute(
                "postgres",
                "SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
    }

    private void dropSlot(String slot) throws Exception {
        server.execute("postgres", "SELECT pg_drop_replication_slot('" + slot + "')");
    }

    private SourceGuard guard(String slot, SourceOptions options, Progress progress) {
        return new SourceGuard(
                connector, slot, NAME, options, Duration.ofSeconds(60), progress, log());
    }

    private static SourceOptions load(
            @Nullable Integer sessions, @Nullable TimeSpan lag, @Nullable String query) {
        return new SourceOptions(null, null, sessions, lag, query, null);
    }

    private EventLog log() {
        return new EventLog() {
            @Override
            public void info(String line) {
                lines.add(line);
            }

            @Override
            public void warn(String line, List<String> hints) {
                lines.add("WARNING: " + line);
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
                lines.add("ERROR: " + line);
            }
        };
    }

    @Test
    void look_seesWhatTheSlotHoldsBackAndHowOldSnapshotsAre() throws Exception {
        createSlot("held");
        try (Session plain =
                        new Connector(
                                        TestConnections.settings(
                                                Side.SOURCE, server, "postgres", "plain", "warp"),
                                        NAME)
                                .open();
                Session snapshot = connector.open();
                Session looking = connector.open()) {
            SourceState before = SourceLook.read(looking, NAME, "held");
            assertThat(before.slot().orElseThrow().active()).isFalse();
            assertThat(before.keepBytes()).isEmpty();
            assertThat(before.freezeMaxAge()).isEqualTo(200_000_000);
            snapshot.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM public.busy");
            write(2);
            server.execute(
                    "postgres", "UPDATE busy SET yes = false", "UPDATE busy SET yes = false");

            SourceState after = SourceLook.read(looking, NAME, "held");
            assertThat(after.heldBytes() - before.heldBytes()).isBetween(2L << 20, 16L << 20);
            assertThat(after.snapshotAge()).isGreaterThanOrEqualTo(4);
            assertThat(after.slot().orElseThrow().catalogAge()).isGreaterThanOrEqualTo(4);
            assertThat(after.connections().used()).isGreaterThanOrEqualTo(3);
            assertThat(after.senders().free()).isBetween(15, 20);

            SourceState asPlain = SourceLook.read(plain, NAME, "held");
            assertThat(asPlain.heldBytes()).isGreaterThanOrEqualTo(after.heldBytes());
            // Three sessions are open here, two of them of a role that this one may not look into.
            assertThat(asPlain.connections().used()).isGreaterThanOrEqualTo(3);
            assertThat(SourceLook.read(looking, NAME, "none").slot()).isEmpty();
        } finally {
            dropSlot("held");
        }
    }

    @Test
    void slotThatIsDroppedOrOverTheLimit_endsTheMigration() throws Exception {
        createSlot("over");
        Progress progress = new Progress();
        SourceOptions options =
                new SourceOptions(ByteSize.megabytes(16), null, null, null, null, null);
        try (SourceGuard guard = guard("over", options, progress)) {
            assertThat(guard.look(States.seconds(1))).isInstanceOf(Verdict.GoOn.class);
            write(9);
            assertThat(guard.look(States.seconds(2))).isInstanceOf(Verdict.GoOn.class);
            assertThat(lines).anyMatch(line -> line.contains("% of --max-source-wal=16MB"));
            write(20);
            assertThat(guard.look(States.seconds(3)))
                    .isInstanceOfSatisfying(
                            Verdict.Exceeded.class,
                            exceeded ->
                                    assertThat(exceeded.held().bytes()).isGreaterThan(20 << 20));

            dropSlot("over");
            for (int second = 4; second < 10; second++) {
                assertThat(guard.look(States.seconds(second))).isInstanceOf(Verdict.GoOn.class);
            }
            // A look that began before the slot was made may end after it.
            progress.slotNeeded(true);
            assertThat(guard.look(States.seconds(20))).isInstanceOf(Verdict.GoOn.class);
            assertThat(guard.look(States.seconds(21))).isInstanceOf(Verdict.GoOn.class);
            assertThat(guard.look(States.seconds(22)))
                    .isEqualTo(new Verdict.Lost(SlotLoss.dropped("over")));
        }
    }

    @Test
    void activeSessionsOfOthers_pauseAndCalmGoesOn() throws Exception {
        Progress progress = new Progress();
        try (Connection busy = server.connect("postgres");
                Statement statement = busy.createStatement();
                Session own = connector.open();
                SourceGuard guard = guard("none", load(0, null, null), progress)) {
            Thread ours =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    own.query("SELECT pg_sleep(600)::text");
                                } catch (WarpException cut) {
                                    // As it should be.
                                }
                            });
            guard.look(States.seconds(1));
            assertThat(progress.throttle.held(0)).isEmpty();

            Thread theirs =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    statement.execute("SELECT pg_sleep(600)");
                                } catch (java.sql.SQLException cancelled) {
                                    // As it should be.
                                }
                            });
            int second = 2;
            while (progress.throttle.held(0).isEmpty()) {
                guard.look(States.seconds(second++));
            }
            assertThat(lines).contains("Pausing: 1 session is active at the source (--max-load=0)");
            while (theirs.isAlive()) {
                statement.cancel();
                theirs.join(Duration.ofMillis(50));
            }
            while (progress.throttle.held(0).isPresent()) {
                guard.look(States.seconds(second++));
            }
            assertThat(lines).anyMatch(line -> line.startsWith("Going on after "));
            own.abort();
            ours.join();
        } catch (WarpException cut) {
            throw new AssertionError(cut);
        }
    }

    @Test
    void queryOfTheUser_pausesWhileItGivesTrue() throws Exception {
        Progress progress = new Progress();
        try (SourceGuard guard =
                guard("none", load(null, null, "SELECT yes FROM busy -- all"), progress)) {
            guard.look(States.seconds(1));
            assertThat(progress.throttle.held(0)).isEmpty();
            server.execute("postgres", "UPDATE busy SET yes = true");
            guard.look(States.seconds(2));
            assertThat(progress.throttle.held(0).orElseThrow().reason())
                    .isEqualTo("--throttle-query gives true");
            server.execute("postgres", "UPDATE busy SET yes = NULL");
            for (int second = 3; second < 6; second++) {
                guard.look(States.seconds(second));
            }
            assertThat(progress.throttle.held(0)).isEmpty();
        }
    }

    @Test
    void queryThatFails_isSaidAndHoldsNothingUp() throws Exception {
        server.execute(
                "postgres",
                "CREATE TABLE leaving (yes boolean)",
                "INSERT INTO leaving VALUES (true)");
        Progress progress = new Progress();
        try (SourceGuard guard =
                guard("none", load(null, null, "SELECT yes FROM leaving"), progress)) {
            guard.look(States.seconds(1));
            assertThat(progress.throttle.held(0)).isPresent();
            server.execute("postgres", "DROP TABLE leaving");
            for (int second = 2; second < 302; second++) {
                guard.look(States.seconds(second));
            }
            assertThat(progress.throttle.held(0)).isEmpty();
            String failure = "WARNING: --throttle-query fails, so nothing is paused because of it";
            assertThat(lines.stream().filter(line -> line.startsWith(failure))).hasSize(1);
            assertThat(lines).anyMatch(line -> line.contains("SQLSTATE 42P01"));
            guard.look(States.seconds(303));
            assertThat(lines.stream().filter(line -> line.startsWith(failure))).hasSize(2);
        }
    }

    @Test
    void answers_areTrueFalseOrNumbersAndNothingElse() {
        try (Session session = connector.open()) {
            assertThat(ThrottleQuery.ask(session, "SELECT 12").holds()).isTrue();
            assertThat(ThrottleQuery.ask(session, "SELECT 0.0").holds()).isFalse();
            assertThat(ThrottleQuery.ask(session, "SELECT 1 WHERE false").holds()).isFalse();
            assertThat(ThrottleQuery.ask(session, "SELECT count(*) FROM busy").holds()).isTrue();
            assertThatThrownBy(() -> ThrottleQuery.ask(session, "SELECT 'perhaps'"))
                    .hasMessageContaining("neither true nor false nor a number");
            assertThatThrownBy(() -> ThrottleQuery.ask(session, "SELECT true, false"))
                    .hasMessageContaining("one column");
            assertThatThrownBy(() -> ThrottleQuery.ask(session, "SELECT nextval('numbers')"))
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            refused -> assertThat(refused.sqlState()).contains("25006"));
            assertThat(ThrottleQuery.ask(session, "SELECT true;;\n").holds()).isTrue();
        }
    }

    @Test
    void replicaThatReplaysNothing_fallsBehindThoughTheServerDoesNotTell() throws Exception {
        Lsn position;
        try (Session session = connector.open()) {
            position = new warp.postgres.SourceCatalog(session).currentPosition();
        }
        Connector standby =
                new Connector(
                        TestConnections.settings(
                                Side.SOURCE,
                                server,
                                "postgres",
                                PostgresServer.USER,
                                PostgresServer.PASSWORD),
                        "standby");
        ChangeStream stream =
                ChangeStream.start(
                        standby.openReplication(), "START_REPLICATION PHYSICAL " + position);
        Progress progress = new Progress();
        try (SourceGuard guard = guard("none", load(null, TimeSpan.seconds(30), null), progress)) {
            stream.sendStatus(position, position, false);
            guard.look(States.seconds(1));
            write(1);
            int second = 2;
            while (progress.throttle.held(0).isEmpty()) {
                guard.look(States.seconds(second++));
            }
            assertThat(progress.throttle.held(0).orElseThrow().reason())
                    .matches(
                            "replica standby at 127.0.0.1 is 3[0-9] s behind"
                                    + " \\(--max-replica-lag=30s\\)");
            try (Session session = connector.open()) {
                position = new warp.postgres.SourceCatalog(session).currentPosition();
            }
            stream.sendStatus(position, position, false);
            while (progress.throttle.held(0).isPresent()) {
                guard.look(States.seconds(second++));
            }
        } finally {
            stream.close();
        }
    }

    @Test
    void sourceThatCannotBeLookedAt_holdsNothingUp() throws Exception {
        Progress progress = new Progress();
        Connector nowhere =
                new Connector(
                        TestConnections.settings(
                                Side.SOURCE, server, "gone", PostgresServer.USER, "warp"),
                        NAME);
        progress.throttle.hold("busy", false, 0);
        try (SourceGuard guard =
                new SourceGuard(
                        nowhere,
                        "none",
                        NAME,
                        load(1, null, null),
                        Duration.ofSeconds(60),
                        progress,
                        log())) {
            for (int second = 1; second < 6; second++) {
                assertThat(guard.look(States.seconds(second))).isEqualTo(new Verdict.GoOn());
            }
            assertThat(progress.throttle.held(0)).isEqualTo(Optional.empty());
            assertThat(lines)
                    .anyMatch(line -> line.endsWith("the source cannot be looked at any more"));
        }
    }
}
