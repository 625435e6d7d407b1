package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import warp.model.Side;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.postgres.wire.WireSession;
import warp.sandbox.NetworkProxy;
import warp.sandbox.PostgresServer;
import warp.sql.CopyStatements.Format;

/** A copy whose destination is far away: of each table the shorter form travels. */
class FarCopyPgTest {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    /**
     * Five bytes of each message count, and 21 of the form's beginning and end. Rows come as many
     * to a message as the socket gives at once, which is fewer where this machine is slow.
     */
    private static final long HEADS_MAX = 21 + 5 * 100;

    private static final String TABLES =
            "CREATE TABLE counted (a int, b bigint, c smallint);"
                    + " CREATE TABLE stamped (at timestamptz, id uuid, data bytea)";

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer server;

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer destination;

    @BeforeAll
    static void start() {
        server = PostgresServer.start("18");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    static void stop() {
        server.close();
        destination.close();
    }

    private static CopyScene scene() throws SQLException {
        CopyScene scene =
                CopyScene.between(server, destination, "far_" + DATABASES.incrementAndGet());
        scene.atBoth(TABLES);
        scene.atSource(
                "INSERT INTO counted SELECT i, i % 7, i % 3 FROM generate_series(1, 5000) i",
                "INSERT INTO stamped SELECT now() + i * interval '1 ms', gen_random_uuid(),"
                        + " decode(md5(i::text), 'hex') FROM generate_series(1, 5000) i",
                "ANALYZE");
        return scene;
    }

    @Test
    void formThatIsShorter_isFoundByLooking() throws SQLException {
        try (CopyScene scene = scene();
                WireSession source = scene.source.openWire()) {
            assertThat(scene.pairs()).hasSize(2);
            for (TablePair pair : scene.pairs()) {
                assertThat(ShorterFormat.of(source, pair))
                        .as(pair.name().name())
                        .isEqualTo(
                                pair.name().equals(new TableName("public", "counted"))
                                        ? Format.TEXT
                                        : Format.BINARY);
            }
        }
    }

    @Test
    void destinationFarAway_getsTheShorterForm_andEveryRow() throws SQLException {
        try (CopyScene scene = scene();
                NetworkProxy network = NetworkProxy.to(destination.port())) {
            network.delay(Duration.ofMillis(5));
            long nearBytes = copied(scene, scene.destination, "counted");
            long nearStamped = copied(scene, scene.destination, "stamped");
            scene.atDestination(
                    "TRUNCATE counted, stamped, warp.chunk",
                    "UPDATE warp.relation SET state = 'PLANNED'");

            Connector far =
                    new Connector(
                            TestConnections.settings(
                                    Side.DESTINATION, network.port(), scene.database()),
                            CopyScene.APPLICATION);
            long farBytes = copied(scene, far, "counted");
            long farStamped = copied(scene, far, "stamped");

            assertThat(scene.compare().differences()).isEmpty();
            // Three values of 2, 4 and 8 bytes have 4 before each and 2 before the row.
            assertThat(nearBytes).isBetween(5000L * 28, 5000L * 28 + HEADS_MAX);
            assertThat(farBytes).isLessThan(5000L * 15);
            assertThat(farStamped).isCloseTo(nearStamped, within(HEADS_MAX));
        }
    }

    /** Copies one table as if it were large; tells what travelled of it. */
    private static long copied(CopyScene scene, Connector to, String table) throws SQLException {
        List<TablePair> pairs =
                scene.pairs().stream().filter(pair -> pair.name().name().equals(table)).toList();
        List<Chunk> chunks =
                List.of(new Chunk(pairs.getFirst().name(), 0, Optional.empty(), 64 << 20));
        try (Session one = scene.source.open();
                Session other = to.open()) {
            assertThat(other.isFar()).isEqualTo(to != scene.destination);
            scene.copier(to, other.isFar(), pairs, chunks).run(one, other);
        }
        return Long.parseLong(
                scene.destinationLines(
                                "SELECT bytes::text AS line FROM warp.chunk WHERE table_name = '"
                                        + table
                                        + "'")
                        .getFirst());
    }
}
