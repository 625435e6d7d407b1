package warp.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a database's tables are made of beside their rows, a line an object: indexes, constraints
 * and triggers of every user schema but {@code warp}. Two readings are equal when nothing was lost,
 * added or changed between them.
 */
public final class SchemaLines {

    private static final String USER_SCHEMA =
            " nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'warp')";

    private static final String LINES =
            "SELECT concat_ws(' | ', 'index', i.indrelid::regclass, pg_get_indexdef(i.indexrelid),"
                    + " i.indisclustered, i.indisreplident, i.indisvalid, i.indisready,"
                    + " i.indisprimary, i.indimmediate, obj_description(i.indexrelid, 'pg_class'))"
                    + " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
                    + USER_SCHEMA
                    + " UNION ALL "
                    + "SELECT concat_ws(' | ', 'constraint', conrelid::regclass, conname, contype,"
                    + " pg_get_constraintdef(t.oid), convalidated, condeferrable, condeferred,"
                    + " conindid::regclass, obj_description(t.oid, 'pg_constraint'))"
                    + " FROM pg_constraint t JOIN pg_namespace n ON n.oid = connamespace WHERE"
                    + USER_SCHEMA
                    + " UNION ALL "
                    + "SELECT concat_ws(' | ', 'table', c.oid::regclass, relkind, relreplident,"
                    + " relhasindex, relpersistence) FROM pg_class c"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE relkind IN ('r', 'p') AND"
                    + USER_SCHEMA;

    private static final String TRIGGERS =
            "SELECT concat_ws(' | ', 'trigger', tgrelid::regclass, tgname, tgenabled,"
                    + " pg_get_triggerdef(t.oid)) FROM pg_trigger t"
                    + " JOIN pg_class c ON c.oid = tgrelid"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE NOT tgisinternal AND"
                    + USER_SCHEMA;

    private static final String COMPLETE = resource("schema_lines.sql");

    private SchemaLines() {}

    /** Everything, in a fixed order. */
    public static List<String> all(Connection connection) throws SQLException {
        return read(connection, LINES + " UNION ALL " + TRIGGERS);
    }

    /** Everything but triggers, which stay off while changes are replicated. */
    public static List<String> withoutTriggers(Connection connection) throws SQLException {
        return read(connection, LINES);
    }

    /**
     * Everything that pg_dump would write about the database's schema, in a fixed order, from
     * servers of version 12 on. Lines can be compared between databases of one server.
     */
    public static List<String> complete(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL search_path = ''; SET LOCAL quote_all_identifiers = off");
            try (ResultSet rows = statement.executeQuery(COMPLETE)) {
                List<String> lines = new ArrayList<>();
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
                return lines;
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static String resource(String name) {
        try (InputStream text = SchemaLines.class.getResourceAsStream(name)) {
            return new String(
                    Objects.requireNonNull(text, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static List<String> read(Connection connection, String query) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT * FROM ("
                                        + query
                                        + ") AS every (line) ORDER BY line COLLATE \"C\"")) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }
}
