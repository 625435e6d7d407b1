package warp.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import warp.sandbox.PostgresServer;

/** A backlog applied by a subscription of the destination server. */
record NativeDrain(Servers servers, List<String> options) {

    static final String DATABASE = "drained_natively";

    private static final String SUBSCRIPTION = "native_bench";

    void prepare() throws SQLException {
        PostgresServer source = servers.source();
        DrainStage.copySlot(source, DrainStage.NATIVE_ORIGIN, SUBSCRIPTION);
        servers.copyAtDestination(DrainStage.NATIVE_ORIGIN, DATABASE);
        servers.destination()
                .execute(
                        DATABASE,
                        ("CREATE SUBSCRIPTION %s CONNECTION '%s' PUBLICATION %s WITH (%s,"
                                        + " create_slot = false, copy_data = false, enabled ="
                                        + " false)")
                                .formatted(
                                        SUBSCRIPTION,
                                        source.uri(DrainStage.SOURCE),
                                        DrainStage.PUBLICATION,
                                        String.join(", ", options)));
    }

    void run() throws SQLException {
        try (Connection connection = servers.destination().connect(DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SUBSCRIPTION %s ENABLE".formatted(SUBSCRIPTION));
            DrainStage.awaitMarker(statement, "the subscription is done");
        }
    }

    void tidy() throws SQLException {
        PostgresServer destination = servers.destination();
        destination.execute(
                DATABASE,
                "ALTER SUBSCRIPTION %s DISABLE".formatted(SUBSCRIPTION),
                "DROP SUBSCRIPTION %s".formatted(SUBSCRIPTION)); // with its slot
        Servers.drop(destination, DATABASE);
    }
}
