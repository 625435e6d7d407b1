package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.model.Side;
import warp.sandbox.PostgresServer;
import warp.sandbox.SmallDisk;

/**
 * Servers that cannot go on just then: full, closed for writes, failed over, or not for this role
 * any more. Each is named with a hint, and the same command goes on afterwards.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerTroublePgTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String ROLE = "mover";
    private static final String PASSWORD = "mover's";

    private PostgresServer source;
    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() throws SQLException {
        source = PostgresServer.start("18");
        destination = PostgresServer.start("18");
        for (PostgresServer server : List.of(source, destination)) {
            server.execute(
                    "postgres",
                    "CREATE ROLE " + ROLE + " LOGIN REPLICATION PASSWORD 'mover''s'",
                    "GRANT SET ON PARAMETER session_replication_role TO " + ROLE);
        }
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    /** A database whose tables belong to an ordinary role, as does the destination itself. */
    private Move move() throws SQLException {
        Move move = Move.between(source, destination, directory);
        move.atBoth(
                "CREATE TABLE t (id int PRIMARY KEY, filler text)",
                "ALTER TABLE t OWNER TO " + ROLE);
        move.atSource(
                "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO mover',"
                        + " current_database()); END $$",
                "INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 1000) i");
        move.atDestination(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO mover',"
                        + " current_database()); END $$");
        return move;
    }

    private static void await(Move move, String query) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!move.askDestination(query).equals("t")) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never true: " + query);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static String fails(WarpCommand warp, ExitCode code) throws InterruptedException {
        assertThat(warp.await()).as(warp.printed()).isEqualTo(code);
        return warp.printed();
    }

    private static void goesOn(Move move) throws Exception {
        try (WarpCommand warp = move.startAs(ROLE, PASSWORD, "--until=caught-up")) {
            assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
        }
        move.assertEqual("public");
    }

    // ---- disks

    @Test
    void aFullDestination_isNamed_inCopyAndInReplication_andGoesOnWhenThereIsRoom()
            throws Exception {
        assumeTrue(SmallDisk.missing().isEmpty(), () -> SmallDisk.missing().orElseThrow());
        try (SmallDisk disk = SmallDisk.mount(48 << 20)) {
            try (Move move = Move.between(source, destination, directory)) {
                Path folder = Files.createDirectory(disk.path().resolve("space"));
                own(folder);
                destination.execute(
                        "postgres", "CREATE TABLESPACE small LOCATION '" + folder + "'");
                move.atSource("CREATE TABLE t (id int PRIMARY KEY, filler text)");
                move.atDestination(
                        "CREATE TABLE t (id int PRIMARY KEY, filler text) TABLESPACE small");
                move.atSource(
                        "INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(1, 5000)"
                                + " i");
                disk.leaveFree(1 << 20);
                saysFull(move, "copying");
                disk.relieve();
                move.run("--until=copied");
                disk.leaveFree(1 << 20);
                move.atSource("UPDATE t SET filler = filler || 'y'");
                saysFull(move, "UPDATE of public.t");
                disk.relieve();
                move.catchUp();
                move.assertEqual("public");
            } finally {
                destination.execute("postgres", "DROP TABLESPACE IF EXISTS small");
            }
        }
    }

    private static void saysFull(Move move, String what) throws InterruptedException {
        assertThat(move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up"))
                .contains("ERROR: destination: ")
                .contains(what)
                .contains("SQLSTATE 53100")
                .contains("HINT: Make room on that server's disk")
                .doesNotContain("trying again");
    }

    /** The server gives up then (PANIC), and comes back no sooner than there is room. */
    @Test
    void aFullDiskUnderTheDestinationsLog_isWaitedFor_untilThereIsRoom() throws Exception {
        assumeTrue(SmallDisk.missing().isEmpty(), () -> SmallDisk.missing().orElseThrow());
        try (SmallDisk disk = SmallDisk.mount(96 << 20);
                PostgresServer small =
                        PostgresServer.builder("18")
                                .setting("max_wal_size", "1GB")
                                .setting("min_wal_size", "32MB")
                                .start()) {
            small.stop();
            small.moveLog(disk.path().resolve("pg_wal"));
            small.start();
            try (Move move = Move.between(source, small, directory)) {
                move.atBoth("CREATE TABLE t (id int PRIMARY KEY, filler text)");
                move.atSource(
                        "INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 1000) i");
                move.run("--until=copied");
                try (WarpCommand warp = move.start()) {
                    warp.awaitPrinted("Started replication");
                    disk.leaveFree(0);
                    move.atSource(
                            "UPDATE t SET filler = (SELECT string_agg(md5(i::text), '') FROM"
                                    + " generate_series(1, 1500) i)");
                    warp.awaitPrinted("trying again");
                    disk.relieve();
                    small.killHard();
                    small.start();
                    move.atSource("DELETE FROM t WHERE id = 1");
                    await(move, "SELECT NOT EXISTS (SELECT FROM t WHERE id = 1)");
                    assertThat(warp.printed()).contains("WARNING: destination: ");
                    assertThat(warp.terminate()).isEqualTo(ExitCode.TERMINATED);
                }
                assertThat(Files.readString(small.log())).contains("No space left on device");
                move.catchUp();
                move.assertEqual("public");
            }
        }
    }

    // ---- closed for writes, failed over

    @Test
    void aDestinationInRecovery_isWaitedFor_untilItTakesWrites() throws Exception {
        try (Move move = move()) {
            move.run("--until=copied");
            try (WarpCommand warp = move.start()) {
                warp.awaitPrinted("Started replication");
                destination.stop();
                Path signal = Files.createFile(destination.data().resolve("standby.signal"));
                own(signal);
                destination.start();
                warp.awaitPrinted("HINT: The server takes no writes: it is a standby");
                destination.execute("postgres", "SELECT pg_promote()");
                move.atSource("DELETE FROM t WHERE id = 1");
                await(move, "SELECT NOT EXISTS (SELECT FROM t WHERE id = 1)");
                assertThat(warp.printed()).contains("destination: ").contains("SQLSTATE 25006");
                assertThat(warp.terminate()).isEqualTo(ExitCode.TERMINATED);
            }
            move.catchUp();
            move.assertEqual("public");
        }
    }

    /** As the server's process needs it. */
    private void own(Path file) throws IOException {
        Files.setOwner(file, Files.getOwner(destination.data().resolve("PG_VERSION")));
    }

    @Test
    void aSourceThatFailedOver_goesOn_orIsNamedWhereItLacksWhatTheDestinationHas()
            throws Exception {
        try (Move move = move()) {
            move.run("--until=copied");
            promoteSource();
            move.atSource("DELETE FROM t WHERE id = 1");
            assertThat(move.catchUp()).contains("WARNING: The source failed over: timeline ");
            move.assertEqual("public");

            String progress = move.askDestination("SELECT lsn FROM warp.progress");
            move.atDestination("UPDATE warp.progress SET lsn = 'FFF/0'");
            promoteSource();
            assertThat(move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up"))
                    .contains("ERROR: source: the source failed over to a server that lacks its")
                    .contains("the destination has all up to FFF/0")
                    .contains("--clean");
            move.atDestination("UPDATE warp.progress SET lsn = '" + progress + "'");

            move.atSource("SELECT pg_drop_replication_slot('" + move.slot() + "')");
            assertThat(move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up"))
                    .contains("slot " + move.slot() + " is gone")
                    .contains("failed over to a standby");
        }
    }

    private void promoteSource() throws Exception {
        source.stop();
        Path signal = Files.createFile(source.data().resolve("standby.signal"));
        own(signal);
        source.start();
        source.execute("postgres", "SELECT pg_promote()");
    }

    // ---- privileges

    @Test
    void privilegesLostInTheMiddle_areNamed_andTheSameCommandGoesOn() throws Exception {
        try (Move move = move()) {
            try (WarpCommand warp = move.startAs(ROLE, PASSWORD, "--until=copied")) {
                assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
            }
            try (WarpCommand warp = move.startAs(ROLE, PASSWORD)) {
                warp.awaitPrinted("Started replication");
                move.atDestination("ALTER TABLE t OWNER TO postgres; GRANT SELECT ON t TO mover");
                move.atSource("INSERT INTO t SELECT max(id) + 1, 'new' FROM t");
                warp.awaitPrinted("GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON public.t");
                assertThat(warp.printed())
                        .contains("WARNING: Table public.t is held since")
                        .contains("permission denied for table t (SQLSTATE 42501)");
            }
            move.atDestination("ALTER TABLE t OWNER TO mover");
            goesOn(move);
            try (WarpCommand warp = move.startAs(ROLE, PASSWORD)) {
                warp.awaitPrinted("Started replication");
                move.atDestination("REVOKE INSERT ON t FROM mover");
                move.atSource("INSERT INTO t SELECT max(id) + 1, 'new' FROM t");
                warp.awaitPrinted("GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON public.t");
            }
            move.atDestination("GRANT INSERT ON t TO mover");
            goesOn(move);
            try (WarpCommand warp = move.startAs(ROLE, PASSWORD)) {
                warp.awaitPrinted("Started replication");
                destination.execute(
                        "postgres",
                        "ALTER ROLE mover NOLOGIN",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename ="
                                + " 'mover'");
                assertThat(fails(warp, ExitCode.UNREACHABLE))
                        .contains("ERROR: destination: ")
                        .contains("is not permitted to log in")
                        .contains("HINT: Check that role \"mover\" exists, may log in");
            } finally {
                destination.execute("postgres", "ALTER ROLE mover LOGIN");
            }
            goesOn(move);
        }
    }

    /** While rows of another table are on their way. */
    @ParameterizedTest
    @EnumSource(Side.class)
    void aPrivilegeRevokedDuringTheCopy_isNamed_andTheSameCommandGoesOn(Side side)
            throws Exception {
        try (Move move = move();
                Connection gate = move.destination();
                Statement shut = gate.createStatement()) {
            move.atBoth(
                    "CREATE TABLE next (id int PRIMARY KEY, filler text)",
                    "ALTER TABLE next OWNER TO " + ROLE);
            move.atSource("INSERT INTO next VALUES (1, 'x')");
            move.atDestination(
                    "CREATE FUNCTION gate(i int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF i"
                            + " = 500 THEN PERFORM pg_advisory_xact_lock_shared(42); END IF;"
                            + " RETURN true; END $$",
                    "ALTER TABLE t ADD CONSTRAINT gated CHECK (public.gate(id))");
            shut.execute("SELECT pg_advisory_lock(42)");
            try (WarpCommand warp = move.startAs(ROLE, PASSWORD, "--parallel-dump=1")) {
                await(
                        move,
                        "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT"
                                + " granted AND objid = 42");
                switch (side) {
                    case SOURCE -> move.atSource("REVOKE SELECT ON next FROM mover");
                    case DESTINATION -> move.atDestination("REVOKE INSERT ON next FROM mover");
                }
                shut.execute("SELECT pg_advisory_unlock(42)");
                assertThat(fails(warp, ExitCode.NEEDS_PERSON))
                        .contains("ERROR: " + side + ": ")
                        .contains("permission denied for table next (SQLSTATE 42501)")
                        .contains("HINT: warp check names what is missing, with the GRANT");
            }
            move.atBoth("GRANT ALL ON next TO mover");
            goesOn(move);
        }
    }

    @Test
    void theRightToReplicateLost_isNamed_andTheSameCommandGoesOn() throws Exception {
        try (Move move = move()) {
            try (WarpCommand warp = move.startAs(ROLE, PASSWORD, "--until=copied")) {
                assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
            }
            try (WarpCommand warp = move.startAs(ROLE, PASSWORD)) {
                warp.awaitPrinted("Started replication");
                source.execute(
                        "postgres",
                        "ALTER ROLE mover NOREPLICATION",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename ="
                                + " 'mover'");
                assertThat(fails(warp, ExitCode.NEEDS_PERSON))
                        .contains("ERROR: source: ")
                        .contains("ALTER ROLE \"mover\" REPLICATION");
            } finally {
                source.execute("postgres", "ALTER ROLE mover REPLICATION");
            }
            goesOn(move);
        }
    }

    // ---- settings of the role

    @Test
    void timeoutsOfTheRole_doNotTouchWarpsSessions() throws Exception {
        String[] settings = {
            "statement_timeout = '2s'",
            "lock_timeout = '1s'",
            "idle_in_transaction_session_timeout = '2s'",
            "idle_session_timeout = '2s'",
            "transaction_timeout = '2s'",
            "default_transaction_read_only = on"
        };
        try (Move move = move()) {
            for (PostgresServer server : List.of(source, destination)) {
                for (String setting : settings) {
                    server.execute("postgres", "ALTER ROLE mover SET " + setting);
                }
            }
            try (WarpCommand warp = move.startAs(ROLE, PASSWORD)) {
                warp.awaitPrinted("Started replication");
                try (Connection holder = move.destination()) {
                    holder.setAutoCommit(false);
                    try (Statement statement = holder.createStatement()) {
                        statement.execute("LOCK TABLE t IN SHARE MODE");
                    }
                    move.atSource("DELETE FROM t WHERE id = 1");
                    await(
                            move,
                            "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'mover' AND"
                                    + " wait_event_type = 'Lock' AND now() - state_change >"
                                    + " interval '3 s'");
                    holder.rollback();
                }
                await(move, "SELECT NOT EXISTS (SELECT FROM t WHERE id = 1)");
                assertThat(warp.printed()).doesNotContain("timeout");
                assertThat(warp.terminate()).isEqualTo(ExitCode.TERMINATED);
            } finally {
                for (PostgresServer server : List.of(source, destination)) {
                    server.execute("postgres", "ALTER ROLE mover RESET ALL");
                }
            }
            goesOn(move);
        }
    }

    // ---- two at once

    @Test
    void twoStartedAtOnce_oneGoesOn_theOtherSaysWhoHasIt_alsoWhenItIsToClean() throws Exception {
        for (String[] other : new String[][] {{"--until=caught-up"}, {"--clean"}}) {
            try (Move move = move();
                    Connection holder = move.destination()) {
                holder.setAutoCommit(false);
                try (Statement statement = holder.createStatement()) {
                    statement.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
                }
                try (WarpCommand one = move.start("--until=caught-up");
                        WarpCommand two = move.start(other)) {
                    await(
                            move,
                            "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND"
                                    + " granted AND classid = 1463898704");
                    long deadline = System.nanoTime() + PATIENCE.toNanos();
                    while (!one.hasEnded() && !two.hasEnded()) {
                        assertThat(System.nanoTime()).isLessThan(deadline);
                        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                    }
                    WarpCommand refused = one.hasEnded() ? one : two;
                    WarpCommand working = refused == one ? two : one;
                    boolean cleaned = refused.await() == ExitCode.DONE;
                    if (cleaned) {
                        assertThat(other).containsExactly("--clean");
                    } else {
                        assertThat(fails(refused, ExitCode.NEEDS_PERSON))
                                .contains("another Warp works on slot " + move.slot())
                                .contains("pid ")
                                .contains("pg_terminate_backend");
                    }
                    holder.rollback();
                    assertThat(working.await()).as(working.printed()).isEqualTo(ExitCode.DONE);
                }
                move.catchUp();
                move.assertEqual("public");
            }
        }
    }
}
