package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.sandbox.PostgresServer;

/** The destination's sequences follow the source's, and stand where they do when Warp has ended. */
class SequencesPgTest {

    private static final String[] SCHEMA = {
        "CREATE TABLE orders (id bigserial PRIMARY KEY, note text)",
        "CREATE SEQUENCE free INCREMENT -2",
        "CREATE SEQUENCE \"Round about\" MAXVALUE 7 CYCLE",
        "CREATE SEQUENCE untouched"
    };

    private static final String ORDER =
            "INSERT INTO orders (note) SELECT 'order ' || i || nextval('free')"
                    + " || nextval('\"Round about\"') FROM generate_series(1, 5) i";

    private static final String VALUES =
            "SELECT 'orders ' || last_value || is_called FROM orders_id_seq UNION ALL"
                    + " SELECT 'free ' || last_value || is_called FROM free UNION ALL"
                    + " SELECT 'round ' || last_value || is_called FROM \"Round about\" UNION ALL"
                    + " SELECT 'untouched ' || last_value || is_called FROM untouched";

    @TempDir Path folder;

    private MovedDatabase shop(PostgresServer source, PostgresServer destination)
            throws SQLException {
        return MovedDatabase.create(source, destination, "shop", folder).onBoth(SCHEMA);
    }

    private static void assertEqualSequences(MovedDatabase shop) throws SQLException {
        List<String> atSource = shop.rows(shop.source(), VALUES);
        assertThat(shop.rows(shop.destination(), VALUES)).isEqualTo(atSource);
        assertThat(atSource).contains("untouched 1false").doesNotContain("orders 1false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "10", "18"})
    void underLoadThenDrained_bothSidesAreEqual(String version)
            throws SQLException, InterruptedException, ExecutionException {
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18")) {
            MovedDatabase shop = shop(source, destination);
            source.execute(shop.name(), ORDER);
            try (Orders load = new Orders(source, shop.name());
                    WarpChild warp = shop.warp("--yes")) {
                warp.awaitLine("Set 3 sequences").awaitLine("Started replication");
                shop.await(destination, "SELECT count(*) > 100 FROM orders");
                load.end();
                long orders =
                        Long.parseLong(shop.rows(source, "SELECT max(id) FROM orders").getFirst());
                shop.await(destination, "SELECT max(id) = " + orders + " FROM orders");
                warp.signal("INT");
                assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(130);
            }
            assertEqualSequences(shop);
            source.execute(shop.name(), ORDER, "SELECT nextval('free')");
            assertThat(shop.finishAndCompare().differences()).isEmpty();
            assertEqualSequences(shop);
            destination.execute(shop.name(), ORDER);
        }
    }

    @Test
    void copiedOnly_sequencesAreSetToo() throws SQLException {
        try (PostgresServer source = PostgresServer.start("18");
                PostgresServer destination = PostgresServer.start("18")) {
            MovedDatabase shop = shop(source, destination);
            source.execute(shop.name(), ORDER);
            try (WarpChild warp = shop.warp("--yes", "--until", "copied")) {
                assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(0);
                assertThat(warp.out()).anyMatch(line -> line.endsWith("Set 3 sequences"));
            }
            assertEqualSequences(shop);
        }
    }

    @Test
    void sequenceThatIsLocked_doesNotDelayTheEnd() throws SQLException {
        try (PostgresServer source = PostgresServer.start("18");
                PostgresServer destination = PostgresServer.start("18")) {
            MovedDatabase shop = shop(source, destination);
            source.execute(shop.name(), ORDER);
            try (Connection locker = source.connect(shop.name());
                    WarpChild warp = shop.warp("--yes")) {
                warp.awaitLine("Started replication");
                locker.setAutoCommit(false);
                try (Statement statement = locker.createStatement()) {
                    statement.execute("ALTER SEQUENCE free MAXVALUE -1");
                }
                warp.signal("TERM");
                assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(143);
                assertThat(warp.err())
                        .as(warp.toString())
                        .anyMatch(line ->
                                line.contains("The sequences may stand behind the source's"))
                        .anyMatch(line -> line.contains("--until caught-up"));
                locker.rollback();
            }
            assertThat(shop.finishAndCompare().differences()).isEmpty();
            assertEqualSequences(shop);
        }
    }

    /** An application that takes orders until it is told to end. */
    private static final class Orders implements AutoCloseable {

        private final CountDownLatch ending = new CountDownLatch(1);
        private final FutureTask<Boolean> work;

        Orders(PostgresServer server, String database) {
            work = new FutureTask<>(() -> take(server, database));
            Thread.ofVirtual().name("orders").start(work);
        }

        private boolean take(PostgresServer server, String database)
                throws SQLException, InterruptedException {
            try (Connection connection = server.connect(database);
                    Statement statement = connection.createStatement()) {
                while (!ending.await(5, TimeUnit.MILLISECONDS)) {
                    statement.execute(ORDER);
                }
            }
            return true;
        }

        void end() throws InterruptedException, ExecutionException {
            ending.countDown();
            work.get();
        }

        @Override
        public void close() {
            ending.countDown();
        }
    }
}
