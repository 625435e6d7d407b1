package warp.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import warp.sandbox.Comparison;
import warp.sandbox.DatabaseContent;
import warp.sandbox.LoadSessions;
import warp.sandbox.PostgresServer;

/** On the oldest version, which knows the least. */
class ShopPgTest {

    private static final Shop SHOP = new Shop(100);

    private static PostgresServer server;

    @BeforeAll
    static void fillTwoShops() throws SQLException {
        server = PostgresServer.start("9.6");
        for (String database : new String[] {"open", "closed"}) {
            server.createDatabase(database);
            try (Connection connection = server.connect(database)) {
                SHOP.createFilled(connection);
            }
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void openShop_changesEveryTableAndItsTotalsStayRight() throws SQLException {
        assertThat(compare().toString()).endsWith(": equal");

        LoadSessions load = new LoadSessions(() -> server.connect("open"));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 3; i++) {
            load.add(0, new ShopVisitors(SHOP, random.split())::visit);
        }
        load.start();
        load.awaitCommits(300, Duration.ofSeconds(60));
        load.stop();

        assertThat(compare().differences().stream().filter(line -> line.startsWith("table ")))
                .map(line -> line.replaceFirst("table shop\\.(\\w+):.*", "$1"))
                .containsExactly(
                        "customers", "events", "order_items", "orders", "payments", "products");
        assertThat(wrongTotals()).isZero();
    }

    private static Comparison compare() throws SQLException {
        try (Connection open = server.connect("open");
                Connection closed = server.connect("closed")) {
            return DatabaseContent.compare(open, closed);
        }
    }

    private static long wrongTotals() throws SQLException {
        try (Connection connection = server.connect("open");
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT count(*) FROM shop.orders o
                                WHERE o.id > %d AND total <> (SELECT sum(quantity * price)
                                    FROM shop.order_items WHERE order_id = o.id)
                                """
                                        .formatted(SHOP.orders()))) {
            row.next();
            return row.getLong(1);
        }
    }
}
