package warp.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Compares two databases completely: every column of every row of every user table, but for those
 * of schema {@code warp}. Rows are read sorted from both sides and merged, so that tables of any
 * size need little memory here; rows that are there several times must be so on both sides. Both
 * sides may be of different versions and encodings; the order of columns does not matter.
 */
public final class DatabaseContent {

    private static final int ROWS_SHOWN_MAX = 5;

    /** What makes both servers print values alike ("Client Connection Defaults"). */
    private static final String SETTINGS =
            """
            SET LOCAL extra_float_digits = 3;
            SET LOCAL DateStyle = 'ISO, MDY';
            SET LOCAL IntervalStyle = 'postgres';
            SET LOCAL bytea_output = 'hex';
            SET LOCAL TimeZone = 'UTC';
            SET LOCAL lc_monetary = 'C';
            SET LOCAL xmlbinary = 'base64';
            SET LOCAL row_security = off;
            SET LOCAL statement_timeout = 0;
            SET LOCAL search_path = '';
            SET LOCAL work_mem = '64MB'
            """;

    private final Connection source;
    private final Connection destination;
    private final List<String> differences = new ArrayList<>();
    private long rows;

    private DatabaseContent(Connection source, Connection destination) {
        this.source = source;
        this.destination = destination;
    }

    /**
     * What to compare. Empty sets leave nothing out.
     *
     * @param schemas names of schemas
     * @param tables names as {@code schema.table}, without quotes
     */
    public record Scope(Set<String> schemas, Set<String> tables) {

        /** Everything. */
        public static Scope all() {
            return new Scope(Set.of(), Set.of());
        }

        /** Only these schemas. */
        public static Scope ofSchemas(String... names) {
            return new Scope(Set.of(names), Set.of());
        }

        /** Only these tables. */
        public static Scope ofTables(String... names) {
            return new Scope(Set.of(), Set.of(names));
        }

        private boolean holds(ContentTable table) {
            return (schemas.isEmpty() || schemas.contains(table.schema()))
                    && (tables.isEmpty() || tables.contains(table.display()));
        }
    }

    /** Compares everything; see {@link #compare(Connection, Connection, Scope)}. */
    public static Comparison compare(Connection source, Connection destination)
            throws SQLException {
        return compare(source, destination, Scope.all());
    }

    /**
     * Compares what is in the scope, in one snapshot on each side. Both sessions must be outside a
     * transaction; they are left as they were.
     */
    public static Comparison compare(Connection source, Connection destination, Scope scope)
            throws SQLException {
        begin(source);
        begin(destination);
        try {
            return new DatabaseContent(source, destination).run(scope);
        } finally {
            source.rollback();
            source.setAutoCommit(true);
            destination.rollback();
            destination.setAutoCommit(true);
        }
    }

    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            statement.execute(SETTINGS);
        }
    }

    private Comparison run(Scope scope) throws SQLException {
        SortedMap<String, ContentTable> left = ContentTable.read(source);
        SortedMap<String, ContentTable> right = ContentTable.read(destination);
        left.values().removeIf(table -> !scope.holds(table));
        right.values().removeIf(table -> !scope.holds(table));
        TypeCatalog leftTypes = TypeCatalog.read(source);
        TypeCatalog rightTypes = TypeCatalog.read(destination);
        boolean asUtf8 = !encoding(source).equals(encoding(destination));
        Set<String> names = new TreeSet<>(left.keySet());
        names.addAll(right.keySet());
        int compared = 0;
        for (String name : names) {
            ContentTable one = left.get(name);
            ContentTable two = right.get(name);
            if (one == null) {
                differences.add("table " + name + " is only at the destination");
            } else if (two == null) {
                differences.add("table " + name + " is only at the source");
            } else if (!one.columns().keySet().equals(two.columns().keySet())) {
                differences.add(
                        "table %s has columns %s at the source, %s at the destination"
                                .formatted(name, one.columns().keySet(), two.columns().keySet()));
            } else {
                List<String> columns = List.copyOf(one.columns().keySet());
                compareRows(
                        name,
                        columns,
                        one.query(columns, leftTypes, asUtf8),
                        two.query(columns, rightTypes, asUtf8));
                compared++;
            }
        }
        return new Comparison(compared, rows, differences);
    }

    private void compareRows(
            String table, List<String> columns, String leftQuery, String rightQuery)
            throws SQLException {
        List<String> shown = new ArrayList<>();
        long missing = 0;
        long extra = 0;
        try (Opened opened = open(leftQuery, rightQuery, columns.size())) {
            SortedRows left = opened.left();
            SortedRows right = opened.right();
            while (!left.atEnd() || !right.atEnd()) {
                int order = left.compareWith(right);
                if (order < 0 && missing++ < ROWS_SHOWN_MAX) {
                    shown.add("    only at the source:      " + left.show(columns));
                } else if (order > 0 && extra++ < ROWS_SHOWN_MAX) {
                    shown.add("    only at the destination: " + right.show(columns));
                }
                if (order <= 0) {
                    rows++;
                    left.advance();
                }
                if (order >= 0) {
                    right.advance();
                }
            }
        }
        if (missing + extra > 0) {
            differences.add(
                    "table %s: %d rows only at the source, %d only at the destination"
                            .formatted(table, missing, extra));
            differences.addAll(shown);
        }
    }

    private record Opened(SortedRows left, SortedRows right) implements AutoCloseable {
        @Override
        public void close() throws SQLException {
            try (left) {
                right.close();
            }
        }
    }

    /** Opens both at once: sorting a large table takes both servers a while. */
    private Opened open(String leftQuery, String rightQuery, int columns) throws SQLException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<SortedRows> left =
                    CompletableFuture.supplyAsync(() -> rows(source, leftQuery, columns), threads);
            SortedRows right = new SortedRows(destination, rightQuery, columns);
            try {
                return new Opened(left.join(), right);
            } catch (CompletionException e) {
                right.close();
                throw new SandboxException("cannot read the source: " + leftQuery, e);
            }
        }
    }

    private static SortedRows rows(Connection connection, String query, int columns) {
        try {
            return new SortedRows(connection, query, columns);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static String encoding(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                java.sql.ResultSet row = statement.executeQuery("SHOW server_encoding")) {
            row.next();
            return row.getString(1);
        }
    }
}
