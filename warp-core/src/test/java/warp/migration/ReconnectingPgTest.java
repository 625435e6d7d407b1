package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.NetworkProxy;
import warp.sandbox.NetworkProxy.Direction;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/** Connections that are lost, in every phase: the same process goes on by itself. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReconnectingPgTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int RESETS = Integer.getInteger("warp.resets", 4);

    private PostgresServer source;
    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        source = PostgresServer.start("15"); // for the pg_dump that there usually is
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    /**
     * Tables whose rows, and whose index, can be held up at the destination as long as an advisory
     * lock is held there.
     */
    private Move gated() throws SQLException {
        Move move = Move.between(source, destination, directory);
        move.atBoth(
                "CREATE FUNCTION gate(lock int, value int) RETURNS int LANGUAGE plpgsql IMMUTABLE"
                        + " AS $$ BEGIN PERFORM pg_catalog.pg_advisory_xact_lock_shared(4711,"
                        + " lock); RETURN value; END $$",
                "CREATE TABLE gated (id int PRIMARY KEY, filler text)",
                "CREATE TABLE other (id int PRIMARY KEY, up int REFERENCES gated)");
        move.atSource(
                "INSERT INTO gated SELECT i, repeat('x', 200) FROM generate_series(1, 10000) i",
                "INSERT INTO other SELECT i, i FROM generate_series(1, 500) i");
        move.atDestination(
                "ALTER TABLE gated ADD CHECK (public.gate(1, id) = id)",
                "CREATE INDEX gated_gate ON gated (public.gate(2, id))");
        return move;
    }

    private static Connection shut(Move move, int gate) throws SQLException {
        Connection holder = move.destination();
        try (Statement statement = holder.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(4711, " + gate + ")");
        }
        return holder;
    }

    private static void open(Connection holder) throws SQLException {
        try (Statement statement = holder.createStatement()) {
            statement.execute("SELECT pg_advisory_unlock_all()");
        }
    }

    private static void awaitWarpAt(Move move, int gate) throws SQLException {
        await(
                move,
                "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND"
                        + " classid = 4711 AND objid = "
                        + gate);
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

    private static void endsEqual(WarpCommand warp, Move move) throws Exception {
        assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
        assertThat(warp.printed()).contains("; trying again in ");
        move.assertEqual("public");
        assertThat(
                        move.askDestination(
                                "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND"
                                        + " convalidated"))
                .isEqualTo("1");
        assertThat(move.askDestination("SELECT to_regclass('gated_gate') IS NOT NULL"))
                .isEqualTo("t");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aDestinationRestartedInCopyOrIndex_isWaitedFor(int gate) throws Exception {
        try (Move move = gated();
                Connection holder = shut(move, gate);
                WarpCommand warp = move.start("--until=caught-up")) {
            awaitWarpAt(move, gate);
            destination.restart();
            endsEqual(warp, move);
            assertThat(holder.isValid(1)).as("its lock went with the server").isFalse();
        }
    }

    @Test
    void backendsTerminatedInIndex_doNotCostTheCopy() throws Exception {
        try (Move move = gated();
                Connection holder = shut(move, 2);
                WarpCommand warp = move.start("--until=caught-up")) {
            awaitWarpAt(move, 2);
            move.askDestination(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE NOT granted AND"
                            + " classid = 4711");
            warp.awaitPrinted("; trying again in ");
            open(holder);
            endsEqual(warp, move);
            assertThat(warp.printed()).containsOnlyOnce("Copying 2 tables");
        }
    }

    @Test
    void aSourceRestartedInCopy_isCopiedAsOfANewSnapshot() throws Exception {
        try (Move move = gated();
                Connection holder = shut(move, 1);
                WarpCommand warp = move.start("--until=caught-up")) {
            awaitWarpAt(move, 1);
            source.restart();
            move.atSource("UPDATE gated SET filler = 'since' WHERE id < 50");
            open(holder);
            endsEqual(warp, move);
        }
    }

    /** Wherever the connection breaks: in the checks, while the schema is made, in the copy. */
    @Test
    void connectionsBrokenAnywhere_areMadeAnew() throws Exception {
        SplittableRandom random = new SplittableRandom(Seed.of(ReconnectingPgTest.class));
        try (NetworkProxy near = NetworkProxy.to(source.port());
                NetworkProxy far = NetworkProxy.to(destination.port())) {
            for (int i = 0; i < RESETS; i++) {
                try (Move move = Move.between(source, destination, directory)) {
                    move.atSource(
                            "CREATE TABLE a (id int PRIMARY KEY, t text)",
                            "CREATE INDEX ON a (t)",
                            "CREATE TABLE b (id serial PRIMARY KEY, a int REFERENCES a)",
                            "INSERT INTO a SELECT i, repeat('a', i % 300) FROM"
                                    + " generate_series(1, 3000) i",
                            "INSERT INTO b (a) SELECT i FROM generate_series(1, 300) i",
                            "SELECT lo_from_bytea(0, 'x')");
                    NetworkProxy network = random.nextBoolean() ? near : far;
                    Direction direction =
                            random.nextBoolean() ? Direction.TO_SERVER : Direction.TO_CLIENT;
                    long bytes = 5_000 + random.nextLong(150_000);
                    move.through(near, far);
                    network.resetAfter(direction, bytes);
                    String what = "reset %s after %d bytes %s".formatted(i, bytes, direction);
                    try (WarpCommand warp =
                            move.start("--yes", "--sync-schema", "--until=copied")) {
                        assertThat(warp.await())
                                .as(what + "\n" + warp.printed())
                                .isEqualTo(ExitCode.DONE);
                    }
                    near.calm();
                    far.calm();
                    move.catchUp("--sync-schema");
                    move.assertEqual("public");
                }
            }
        }
    }

    @Test
    void neverTryingAgain_canBeAskedFor() throws Exception {
        try (Move move = gated();
                Connection holder = shut(move, 1);
                WarpCommand warp = move.start("--until=caught-up", "--retry-for=0")) {
            awaitWarpAt(move, 1);
            destination.restart();
            assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(warp.printed())
                    .doesNotContain("trying again")
                    .contains("HINT: It may pass: run the same command again.");
            move.catchUp();
            move.assertEqual("public");
            assertThat(holder.isValid(1)).isFalse();
        }
    }

    @Test
    void aServerThatDoesNotComeBack_isGivenUpWithItsReason_andTheSameCommandGoesOn()
            throws Exception {
        try (Move move = gated()) {
            move.run("--until=copied");
            try (WarpCommand warp = move.start("--retry-for=2s")) {
                warp.awaitPrinted("Started replication");
                destination.stop();
                assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.UNREACHABLE);
                assertThat(warp.printed())
                        .contains("; trying again in ")
                        .contains("ERROR: destination: ")
                        .contains("nothing listens there")
                        .containsPattern("HINT: Tried for [2-9]\\.\\d s \\(--retry-for\\)");
            } finally {
                destination.start();
            }
            move.atSource("DELETE FROM other WHERE id = 3");
            move.catchUp();
            move.assertEqual("public");
        }
    }
}
