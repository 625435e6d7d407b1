package warp.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import warp.sandbox.PostgresServer;

/**
 * The two servers of a benchmark, set as both would be for a migration. No checkpoint and no
 * autovacuum falls into one run and not into another.
 *
 * @param shownSettings of both, where they differ from PostgreSQL's own
 */
record Servers(PostgresServer source, PostgresServer destination, Map<String, String> shownSettings)
        implements AutoCloseable {

    static Servers start(String version, BenchOptions.ServerChoice choice) {
        Map<String, String> settings = settings(choice.durable());
        PostgresServer source = startOne(version, choice, settings);
        try {
            return new Servers(source, startOne(version, choice, settings), settings);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /**
     * Of both.
     *
     * @param durable as a server at work is; else the disk of this machine is left out
     */
    private static Map<String, String> settings(boolean durable) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("shared_buffers", "1GB");
        settings.put("maintenance_work_mem", "256MB");
        settings.put("max_wal_size", "16GB");
        settings.put("checkpoint_timeout", "30min");
        settings.put("wal_level", "logical");
        settings.put("autovacuum", "off");
        settings.put("fsync", durable ? "on" : "off");
        settings.put("full_page_writes", durable ? "on" : "off");
        return Collections.unmodifiableMap(settings);
    }

    private static PostgresServer startOne(
            String version, BenchOptions.ServerChoice choice, Map<String, String> settings) {
        PostgresServer.Builder builder =
                choice.programs()
                        .map(PostgresServer::builder)
                        .orElseGet(() -> PostgresServer.builder(version));
        settings.forEach(builder::setting);
        return builder.start();
    }

    /** The same, with settings that are to be shown besides. */
    Servers showing(Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>(shownSettings);
        settings.putAll(more);
        return new Servers(source, destination, Collections.unmodifiableMap(settings));
    }

    /** {@code 15.19}: the whole version of both. */
    String version() throws SQLException {
        return string(
                source, "postgres", "SELECT split_part(current_setting('server_version'), ' ', 1)");
    }

    /** Writes what is dirty, on both sides, so that the next run does not pay for the last one. */
    void settle() throws SQLException {
        source.execute("postgres", "CHECKPOINT");
        destination.execute("postgres", "CHECKPOINT");
    }

    /** A database of the destination that is the same as another, in place of one of that name. */
    void copyAtDestination(String from, String to) throws SQLException {
        drop(destination, to);
        destination.execute(
                "postgres", "CREATE DATABASE \"%s\" TEMPLATE \"%s\"".formatted(to, from));
    }

    /** Drops a database, ending the sessions in it; does nothing when it is not there. */
    static void drop(PostgresServer server, String database) throws SQLException {
        server.execute(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
                        .formatted(database),
                "DROP DATABASE IF EXISTS \"%s\"".formatted(database));
    }

    /** Gives a database another name, ending the sessions in it. */
    static void setAside(PostgresServer server, String database) throws SQLException {
        server.execute(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
                        .formatted(database),
                "ALTER DATABASE \"%s\" RENAME TO \"%1$s_%d\""
                        .formatted(database, System.nanoTime()));
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
