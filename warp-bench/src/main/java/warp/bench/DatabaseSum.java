package warp.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the schema {@code public} of a database holds, in a few lines: for each table the number of
 * its rows and a sum over them that does not depend on their order, and each index and constraint.
 * Computed inside the server, version 11 or newer.
 */
record DatabaseSum(SortedSet<String> lines) {

    private static final String TABLES =
            """
            SELECT format('%I.%I', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1
            """;

    /** A key that is not valid is missing here. */
    private static final String DEFINITIONS =
            """
            SELECT pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indisvalid AND indrelid IN (SELECT oid FROM pg_class
                                              WHERE relnamespace = 'public'::regnamespace)
            UNION ALL
            SELECT format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid))
            FROM pg_constraint
            WHERE convalidated AND connamespace = 'public'::regnamespace AND conrelid <> 0
              AND contype <> 'n' -- shown by newer versions only
            """;

    static DatabaseSum of(Connection database) throws SQLException {
        SortedSet<String> lines = new TreeSet<>();
        for (String table : strings(database, TABLES)) {
            // numeric, since the sum of so many bigints does not fit bigint
            String sum =
                    """
                    SELECT format('%%s: %%s rows, sum %%s', '%s', count(*),
                                  coalesce(sum(hashtextextended(t::text, 0)::numeric), 0))
                    FROM ONLY %s t
                    """
                            .formatted(table.replace("'", "''"), table);
            lines.addAll(strings(database, sum));
        }
        lines.addAll(strings(database, DEFINITIONS));
        return new DatabaseSum(lines);
    }

    /**
     * @throws BenchException with the lines that differ, when the other database is not the same
     */
    void requireSame(DatabaseSum other) {
        SortedSet<String> missing = new TreeSet<>(lines);
        missing.removeAll(other.lines);
        SortedSet<String> extra = new TreeSet<>(other.lines);
        extra.removeAll(lines);
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new BenchException(
                    "the databases differ: source %s, destination %s".formatted(missing, extra));
        }
    }

    private static List<String> strings(Connection database, String query) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
        }
        return strings;
    }
}
