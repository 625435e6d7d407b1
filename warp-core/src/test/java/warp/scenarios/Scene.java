package warp.scenarios;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import warp.sandbox.PostgresServer;

/**
 * The databases of one run, all of one name. Closing it drops them, with whoever is in them, their
 * slots, and the roles whose names begin like theirs. For one thread.
 */
final class Scene implements AutoCloseable {

    /** A third database, at the destination: the schema as it should be. */
    private static final String MODEL = "_model";

    private final PostgresServer source;
    private final PostgresServer destination;
    private final String name;

    private Scene(PostgresServer source, PostgresServer destination, String name) {
        this.source = source;
        this.destination = destination;
        this.name = name;
    }

    static Scene open(PostgresServer source, PostgresServer destination, Scenario scenario)
            throws SQLException {
        Scene scene = new Scene(source, destination, scenario.database());
        scene.close();
        source.createDatabase(
                scene.name, "ENCODING '%s'".formatted(scenario.connections().sourceEncoding()));
        destination.createDatabase(scene.name);
        return scene;
    }

    PostgresServer source() {
        return source;
    }

    PostgresServer destination() {
        return destination;
    }

    String sourceUri() {
        return source.uri(name);
    }

    String destinationUri() {
        return destination.uri(name);
    }

    Connection connectToSource() throws SQLException {
        return source.connect(name);
    }

    Connection connectToDestination() throws SQLException {
        return destination.connect(name);
    }

    /**
     * Makes the empty database for the schema as it should be.
     *
     * @param role who fills it; empty for the superuser
     */
    String createModel(String role) throws SQLException {
        destination.createDatabase(name + MODEL);
        if (!role.isEmpty()) {
            destination.execute(
                    "postgres", "GRANT ALL ON DATABASE " + name + MODEL + " TO " + role);
        }
        return name + MODEL;
    }

    /** The rows of a query, each column as text. */
    static List<String> rows(Connection connection, String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                found.add(String.join(" | ", row));
            }
        }
        return found;
    }

    /** Removes what this, or a run that broke off, has left at both servers. */
    @Override
    public void close() throws SQLException {
        dropAll(source);
        dropAll(destination);
    }

    private void dropAll(PostgresServer server) throws SQLException {
        String ours = " IN ('%s', '%s')".formatted(name, name + MODEL);
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            rows(
                    connection,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname" + ours);
            for (String slot :
                    rows(
                            connection,
                            "SELECT slot_name FROM pg_replication_slots WHERE database" + ours)) {
                rows(connection, "SELECT pg_drop_replication_slot('" + slot + "')");
            }
            statement.execute("DROP DATABASE IF EXISTS \"" + name + "\"");
            statement.execute("DROP DATABASE IF EXISTS \"" + name + MODEL + "\"");
            for (String role :
                    rows(
                            connection,
                            "SELECT quote_ident(rolname) FROM pg_roles WHERE left(rolname, %d)"
                                            .formatted(name.length() + 1)
                                    + " = '%s_'".formatted(name))) {
                statement.execute("DROP OWNED BY " + role + " CASCADE");
                statement.execute("DROP ROLE " + role);
            }
        }
    }
}
