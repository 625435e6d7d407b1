package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.Comparison;
import warp.sandbox.DatabaseContent;
import warp.sandbox.NetworkProxy;
import warp.sandbox.PostgresServer;

/**
 * A new database at each of two servers, and the command that moves one into the other. Closing it
 * drops both, with slot and publication.
 */
final class Move implements AutoCloseable {

    private final PostgresServer source;
    private final PostgresServer destination;
    private final Path directory;
    private final String from;
    private final String to;
    private final String slot;
    private String sourceUri;
    private String destinationUri;
    private @Nullable Path config;

    private Move(
            PostgresServer source,
            PostgresServer destination,
            Path directory,
            String from,
            String to,
            String slot) {
        this.source = source;
        this.destination = destination;
        this.directory = directory;
        this.from = from;
        this.to = to;
        this.slot = slot;
        this.sourceUri = source.uri(from);
        this.destinationUri = destination.uri(to);
    }

    /** Databases of an ordinary name. */
    static Move between(PostgresServer source, PostgresServer destination, Path directory)
            throws SQLException {
        return named(source, destination, directory, "shop");
    }

    /** Databases called {@code name}, one of them with {@code _to} after it. */
    static Move named(
            PostgresServer source, PostgresServer destination, Path directory, String name)
            throws SQLException {
        String slot = "move_" + Long.toString(System.nanoTime(), 36);
        Move move = new Move(source, destination, directory, name, name + "_to", slot);
        source.createDatabase(move.from);
        destination.createDatabase(move.to);
        return move;
    }

    /** From now on the command reaches the servers through these. */
    Move through(NetworkProxy toSource, NetworkProxy toDestination) {
        return through(toSource.port(), toDestination.port());
    }

    /** As the other one, by ports. */
    Move through(int toSource, int toDestination) {
        sourceUri = source.uri(from).replace(":" + source.port(), ":" + toSource);
        destinationUri = destination.uri(to).replace(":" + destination.port(), ":" + toDestination);
        return this;
    }

    /** From now on the command's URLs say this too: {@code connect_timeout=1&…}. */
    Move with(String parameters) {
        sourceUri += (sourceUri.contains("?") ? "&" : "?") + parameters;
        destinationUri += (destinationUri.contains("?") ? "&" : "?") + parameters;
        return this;
    }

    /** From now on the command reaches the servers directly, as at the beginning. */
    Move directly() {
        sourceUri = source.uri(from);
        destinationUri = destination.uri(to);
        return this;
    }

    String slot() {
        return slot;
    }

    Connection source() throws SQLException {
        return source.connect(from);
    }

    Connection destination() throws SQLException {
        return destination.connect(to);
    }

    void atSource(String... statements) throws SQLException {
        source.execute(from, statements);
    }

    void atDestination(String... statements) throws SQLException {
        destination.execute(to, statements);
    }

    void atBoth(String... statements) throws SQLException {
        atSource(statements);
        atDestination(statements);
    }

    /** The first column of the only row. */
    String askSource(String query) throws SQLException {
        try (Connection connection = source()) {
            return ask(connection, query);
        }
    }

    /** The first column of the only row. */
    String askDestination(String query) throws SQLException {
        try (Connection connection = destination()) {
            return ask(connection, query);
        }
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            assertThat(row.next()).isTrue();
            String answer = String.valueOf(row.getString(1));
            assertThat(row.next()).isFalse();
            return answer;
        }
    }

    /** Lets the command read a config file with these lines beside the two servers. */
    Move configured(String lines) throws IOException {
        config = directory.resolve(slot + ".yaml");
        Files.writeString(
                config,
                "source: \"%s\"\ndestination: \"%s\"\n%s"
                        .formatted(sourceUri, destinationUri, lines));
        return this;
    }

    /** Another address for the source; null for its own. */
    Move withSource(@Nullable String uri) {
        sourceUri = uri == null ? source.uri(from) : uri;
        return this;
    }

    /** The rows of a query at the source, as texts in one order. */
    List<String> sourceRows(String query) throws SQLException {
        try (Connection connection = source()) {
            return rows(connection, query);
        }
    }

    /** The rows of a query at the destination, as texts in one order. */
    List<String> destinationRows(String query) throws SQLException {
        try (Connection connection = destination()) {
            return rows(connection, query);
        }
    }

    private static List<String> rows(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT r::text COLLATE \"C\" FROM (" + query + ") r ORDER BY 1")) {
            while (row.next()) {
                rows.add(String.valueOf(row.getString(1)));
            }
        }
        return rows;
    }

    /** Starts the command. */
    WarpCommand start(String... switches) {
        List<String> arguments = new ArrayList<>();
        Path file = config;
        if (file == null) {
            arguments.add("--source=" + sourceUri);
            arguments.add("--destination=" + destinationUri);
        } else {
            arguments.add("--config=" + file);
        }
        arguments.add("--slot=" + slot);
        arguments.addAll(List.of(switches));
        return WarpCommand.start(directory, arguments);
    }

    /** Starts the command with another role at both sides. */
    WarpCommand startAs(String role, String password, String... switches) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--source=" + source.uri(from, role, password));
        arguments.add("--destination=" + destination.uri(to, role, password));
        arguments.add("--slot=" + slot);
        arguments.addAll(List.of(switches));
        return WarpCommand.start(directory, arguments);
    }

    /** Runs the command, which must end well; returns what it printed. */
    String run(String... switches) throws InterruptedException {
        return runs(ExitCode.DONE, switches);
    }

    /** Runs the command, which must end with {@code code}; returns what it printed. */
    String runs(ExitCode code, String... switches) throws InterruptedException {
        try (WarpCommand command = start(switches)) {
            ExitCode ended = command.await();
            assertThat(ended).as(command.printed()).isEqualTo(code);
            return command.printed();
        }
    }

    /** Applies everything that the source has committed until now. */
    String catchUp(String... switches) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of(switches));
        all.add("--until=caught-up");
        return run(all.toArray(String[]::new));
    }

    /** Every row of every table at both sides must be the same. */
    void assertEqual(String... schemas) throws SQLException {
        Comparison comparison = compare(DatabaseContent.Scope.ofSchemas(schemas));
        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.tables()).isPositive();
    }

    /** A query must give the same rows at both sides. */
    void assertEqualRows(String query) throws SQLException {
        assertThat(destinationRows(query)).as(query).isEqualTo(sourceRows(query));
    }

    Comparison compare(DatabaseContent.Scope scope) throws SQLException {
        try (Connection one = source();
                Connection two = destination()) {
            return DatabaseContent.compare(one, two, scope);
        }
    }

    @Override
    public void close() throws SQLException {
        String name = "'" + slot + "'";
        source.execute(
                "postgres",
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                        + " WHERE active AND slot_name = "
                        + name,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE slot_name = "
                        + name);
        drop(source, from);
        drop(destination, to);
    }

    /** Whoever is still in it is thrown out. */
    private static void drop(PostgresServer server, String database) throws SQLException {
        server.execute(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                        + database.replace("'", "''")
                        + "'",
                "DROP DATABASE \"" + database.replace("\"", "\"\"") + "\"");
    }
}
