package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.NetworkProxy;
import warp.sandbox.PoolerProxy;
import warp.sandbox.PostgresServer;

/**
 * Peers that vanish without a word: noticed within a bounded time, which these tests make short by
 * libpq's tcp_user_timeout, at both sides, in the copy and in replication. Who only works for long
 * is not taken for one.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SilentServersPgTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SOON = "tcp_user_timeout=2000&connect_timeout=2";
    private static final String GIVEN_UP = "the connection was given up: nothing has come through";

    private PostgresServer source;
    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        source = PostgresServer.builder("18").setting("wal_sender_timeout", "3s").start();
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    private Move move() throws SQLException {
        Move move = Move.between(source, destination, directory);
        move.atBoth("CREATE TABLE t (id int PRIMARY KEY, filler text)");
        move.atSource("INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 40000) i");
        return move;
    }

    private static void await(Move move, String query) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!move.askDestination(query).equals("t")) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never true: " + query);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static Connection locked(Move move) throws SQLException {
        Connection holder = move.destination();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("LOCK TABLE t IN SHARE MODE");
        }
        return holder;
    }

    private static final String A_WAITER_FOR_SIX_SECONDS =
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name LIKE 'warp %' AND"
                    + " wait_event_type = 'Lock' AND now() - state_change > interval '6 s'";

    @Test
    void aServerThatOnlyTakesLong_isWaitedFor_andOneWhoseNetworkDiesThen_isNot() throws Exception {
        try (Move move = move();
                NetworkProxy near = NetworkProxy.to(source.port());
                NetworkProxy far = NetworkProxy.to(destination.port())) {
            move.through(near, far).with(SOON);
            try (Connection holder = locked(move);
                    WarpCommand warp = move.start("--until=caught-up")) {
                await(move, A_WAITER_FOR_SIX_SECONDS);
                assertThat(warp.printed()).doesNotContain("trying again");
                far.forgetConnections();
                holder.rollback();
                warp.awaitPrinted("destination: ");
                assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
                assertThat(warp.printed()).contains(GIVEN_UP).contains("trying again");
            }
            move.assertEqual("public");
        }
    }

    /** The number that the pooler announces is no process of the server's. */
    @Test
    void aServerThatOnlyTakesLong_isWaitedForThroughAPoolerToo() throws Exception {
        try (Move move = move();
                PoolerProxy pooler = PoolerProxy.to(destination.port(), PoolerProxy.Mode.SESSION)) {
            move.through(source.port(), pooler.port()).with(SOON);
            try (Connection holder = locked(move);
                    WarpCommand warp = move.start("--until=caught-up")) {
                await(move, A_WAITER_FOR_SIX_SECONDS);
                holder.rollback();
                assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
                assertThat(warp.printed())
                        .contains("is a pooler or gateway")
                        .doesNotContain("trying again");
            }
            move.assertEqual("public");
        }
    }

    @Test
    void aForgottenConnectionToEitherServer_isNoticedWhileReplicating() throws Exception {
        try (Move move = move();
                NetworkProxy near = NetworkProxy.to(source.port());
                NetworkProxy far = NetworkProxy.to(destination.port())) {
            move.through(near, far).with(SOON);
            move.run("--until=copied");
            try (WarpCommand warp = move.start()) {
                warp.awaitPrinted("Started replication");
                move.atSource("DELETE FROM t WHERE id = 1");
                await(move, "SELECT NOT EXISTS (SELECT FROM t WHERE id = 1)");
                near.forgetConnections();
                move.atSource("DELETE FROM t WHERE id = 2");
                await(move, "SELECT NOT EXISTS (SELECT FROM t WHERE id = 2)");
                assertThat(warp.printed()).contains("WARNING: source: ").contains(GIVEN_UP);

                // The lock of the session that was lost is still held, by nobody.
                far.forgetConnections();
                move.atSource("DELETE FROM t WHERE id = 3");
                await(move, "SELECT NOT EXISTS (SELECT FROM t WHERE id = 3)");
                assertThat(warp.printed()).contains("WARNING: destination: ");
                assertThat(warp.terminate()).isEqualTo(ExitCode.TERMINATED);
            }
            move.catchUp();
            move.assertEqual("public");
        }
    }

    @Test
    void frozenServers_areTriedAgainUntilTheyGoOn() throws Exception {
        try (Move move = move()) {
            move.with(SOON).run("--until=copied");
            try (WarpCommand warp = move.start()) {
                warp.awaitPrinted("Started replication");
                frozen(source, warp, "source: ");
                move.atSource("DELETE FROM t WHERE id = 1");
                await(move, "SELECT NOT EXISTS (SELECT FROM t WHERE id = 1)");
                move.atSource("DELETE FROM t WHERE id = 2");
                frozen(destination, warp, "destination: ");
                move.atSource("DELETE FROM t WHERE id = 3");
                await(move, "SELECT NOT EXISTS (SELECT FROM t WHERE id = 3)");
                assertThat(warp.terminate()).isEqualTo(ExitCode.TERMINATED);
            }
            move.catchUp();
            move.assertEqual("public");
        }
    }

    private static void frozen(PostgresServer server, WarpCommand warp, String side)
            throws InterruptedException {
        server.freeze();
        try {
            warp.awaitPrinted("WARNING: " + side);
        } finally {
            server.thaw();
        }
    }

    /** What a source does with a client that is silent for wal_sender_timeout, three seconds. */
    @Test
    void anApplierThatIsStuck_doesNotCostTheWalsender() throws Exception {
        try (Move move = move()) {
            move.run("--until=copied");
            try (Connection holder = locked(move);
                    WarpCommand warp = move.start()) {
                warp.awaitPrinted("Started replication");
                move.atSource("UPDATE t SET filler = 'y' WHERE id < 100");
                await(
                        move,
                        "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name LIKE"
                                + " 'warp %' AND wait_event_type = 'Lock' AND now() -"
                                + " state_change > interval '8 s'");
                assertThat(
                                move.askSource(
                                        "SELECT now() - backend_start > interval '8 s' FROM"
                                                + " pg_stat_replication WHERE application_name ="
                                                + " 'warp "
                                                + move.slot()
                                                + "'"))
                        .isEqualTo("t");
                holder.rollback();
                await(move, "SELECT count(*) = 99 FROM t WHERE filler = 'y'");
                assertThat(warp.printed()).doesNotContain("trying again");
                assertThat(warp.terminate()).isEqualTo(ExitCode.TERMINATED);
            }
            move.catchUp();
            move.assertEqual("public");
        }
    }
}
