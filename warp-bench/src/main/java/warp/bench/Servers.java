package warp.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import warp.sandbox.PostgresServer;

/**
 * The two servers of a benchmark, set as both would be for a migration. No checkpoint and no
 * autovacuum falls into one run and not into another.
 */
record Servers(PostgresServer source, PostgresServer destination) implements AutoCloseable {

    /** Of both; not durable, so that the disk of this machine is not what is measured. */
    private static final Map<String, String> SETTINGS = settings();

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("shared_buffers", "1GB");
        settings.put("maintenance_work_mem", "256MB");
        settings.put("max_wal_size", "16GB");
        settings.put("checkpoint_timeout", "30min");
        settings.put("wal_level", "logical");
        settings.put("autovacuum", "off");
        settings.put("fsync", "off");
        settings.put("full_page_writes", "off");
        return Map.copyOf(settings);
    }

    static Servers start(String version) {
        PostgresServer source = startOne(version);
        try {
            return new Servers(source, startOne(version));
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static PostgresServer startOne(String version) {
        PostgresServer.Builder builder = PostgresServer.builder(version);
        SETTINGS.forEach(builder::setting);
        return builder.start();
    }

    Map<String, String> shownSettings() {
        return SETTINGS;
    }

    /** {@code 15.19}: the whole version of both. */
    String version() throws SQLException {
        return string(
                source, "postgres", "SELECT split_part(current_setting('server_version'), ' ', 1)");
    }

    /** Makes a database of the source and fills it with pgbench; statistics are fresh. */
    void fill(String database, int scale, Workplace workplace) throws SQLException {
        source.createDatabase(database);
        workplace.run(
                List.of(
                        "pgbench",
                        "--initialize",
                        "--quiet",
                        "--scale=" + scale,
                        source.uri(database)));
        // It has no key, so Warp asks for this; only rows are added to it, so it costs nothing.
        source.execute(database, "ALTER TABLE pgbench_history REPLICA IDENTITY FULL");
    }

    /** Writes what is dirty, on both sides, so that the next run does not pay for the last one. */
    void settle() throws SQLException {
        source.execute("postgres", "CHECKPOINT");
        destination.execute("postgres", "CHECKPOINT");
    }

    /** Drops a database, ending the sessions in it; does nothing when it is not there. */
    static void drop(PostgresServer server, String database) throws SQLException {
        server.execute(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
                        .formatted(database),
                "DROP DATABASE IF EXISTS \"%s\"".formatted(database));
    }

    /** The sum of a whole database. */
    static DatabaseSum sum(PostgresServer server, String database) throws SQLException {
        try (Connection connection = server.connect(database)) {
            return DatabaseSum.of(connection);
        }
    }

    /** The one value that a query gives. */
    static String string(PostgresServer server, String database, String query) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new BenchException("no row from: " + query);
            }
            return row.getString(1);
        }
    }

    @Override
    public void close() {
        try {
            source.close();
        } finally {
            destination.close();
        }
    }
}
