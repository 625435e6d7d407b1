package warp.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import warp.sandbox.PostgresServer;

/**
 * Tables and their rows.
 *
 * @param tables statements that make the tables, without keys
 * @param rows statements that fill them
 * @param keys statements that add keys and indexes
 */
record Content(List<String> tables, List<String> rows, List<String> keys) {

    Content {
        tables = List.copyOf(tables);
        rows = List.copyOf(rows);
        keys = List.copyOf(keys);
    }

    /** A new database with all of it; statistics are fresh. */
    void make(PostgresServer server, String database) throws SQLException {
        List<String> statements = new ArrayList<>(tables);
        statements.addAll(rows);
        statements.addAll(keys);
        make(server, database, statements);
    }

    /** A new database with the tables and keys, but no row. */
    void makeEmpty(PostgresServer server, String database) throws SQLException {
        List<String> statements = new ArrayList<>(tables);
        statements.addAll(keys);
        make(server, database, statements);
    }

    private static void make(PostgresServer server, String database, List<String> statements)
            throws SQLException {
        List<String> all = new ArrayList<>(List.of("SET synchronous_commit = off"));
        all.addAll(statements);
        all.add("VACUUM ANALYZE");
        Servers.drop(server, database);
        server.createDatabase(database);
        server.execute(database, all.toArray(String[]::new));
    }

    /** The same with one more table. */
    Content with(String table) {
        List<String> more = new ArrayList<>(tables);
        more.add(table);
        return new Content(more, rows, keys);
    }
}
