package warp.sandbox.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Stands in for Warp in the demo's tests: PostgreSQL's own logical replication behind the same
 * switches. First argument: {@code faithful}, {@code lossy} (loses a row at the end) or {@code
 * failing} (ends at once).
 */
final class NativeReplication {

    private NativeReplication() {}

    public static void main(String[] arguments) throws Exception {
        List<String> switches = Arrays.asList(arguments);
        String behaviour = arguments[0];
        String source = switches.get(switches.indexOf("--source") + 1);
        String destination = switches.get(switches.indexOf("--destination") + 1);
        String slot = switches.get(switches.indexOf("--slot") + 1);
        if (switches.contains("--clean")) {
            execute(destination, "DROP SUBSCRIPTION " + slot);
            execute(source, "DROP PUBLICATION " + slot);
            return;
        }
        if (behaviour.equals("failing")) {
            System.exit(5);
        }
        execute(source, "CREATE PUBLICATION " + slot + " FOR ALL TABLES");
        execute(
                destination,
                "CREATE SUBSCRIPTION %s CONNECTION '%s' PUBLICATION %s"
                        .formatted(slot, source, slot));
        if (behaviour.equals("lossy")) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> loseOneRow(destination)));
        }
        new CountDownLatch(1).await();
    }

    private static void loseOneRow(String destination) {
        try {
            execute(destination, "DELETE FROM shop.payments WHERE id = 7");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(String uri, String sql) throws SQLException {
        // postgresql://user:password@host:port/database
        String[] parts = uri.split("//|[:@]", -1);
        String address = "jdbc:postgresql://" + uri.substring(uri.indexOf('@') + 1);
        try (Connection connection = DriverManager.getConnection(address, parts[2], parts[3]);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
