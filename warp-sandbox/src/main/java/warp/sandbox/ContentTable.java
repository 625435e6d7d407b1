package warp.sandbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table of one database as the comparison sees it.
 *
 * @param columns type by name, those of the primary key first
 */
record ContentTable(String schema, String name, Map<String, Long> columns) {

    /**
     * Every user table but those of schema {@code warp}, by displayed name; leaf partitions too.
     */
    static SortedMap<String, ContentTable> read(Connection connection) throws SQLException {
        SortedMap<String, ContentTable> tables = new TreeMap<>();
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT n.nspname, c.relname, a.attname, a.atttypid
                                FROM pg_catalog.pg_class c
                                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                                LEFT JOIN pg_catalog.pg_attribute a
                                    ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                LEFT JOIN pg_catalog.pg_index i
                                    ON i.indrelid = c.oid AND i.indisprimary
                                WHERE c.relkind = 'r' AND c.relpersistence <> 't'
                                  AND n.nspname <> 'information_schema' AND n.nspname <> 'warp'
                                  AND n.nspname !~ '^pg_'
                                ORDER BY n.nspname, c.relname,
                                    coalesce(a.attnum = ANY (i.indkey), false) DESC, a.attnum
                                """);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                ContentTable found =
                        new ContentTable(row.getString(1), row.getString(2), new LinkedHashMap<>());
                ContentTable table = tables.computeIfAbsent(found.display(), _ -> found);
                if (row.getString(3) != null) {
                    table.columns().put(row.getString(3), row.getLong(4));
                }
            }
        }
        return tables;
    }

    /** {@code schema.table}, without quotes. */
    String display() {
        return schema + "." + name;
    }

    /**
     * A query for all rows, each column as text, in the order of all columns, byte by byte.
     *
     * @param names the columns, in the order wanted
     * @param asUtf8 whether to order by the values' bytes in UTF-8, not in the server's encoding
     */
    String query(Collection<String> names, TypeCatalog types, boolean asUtf8) {
        List<String> outputs = new ArrayList<>();
        List<String> order = new ArrayList<>();
        for (String column : names) {
            Long type = columns.get(column);
            if (type == null) {
                throw new IllegalArgumentException("no such column: " + column);
            }
            String output = "c" + (outputs.size() + 1);
            // Collated here, the outer query sorts by the very column: sorting by an expression
            // needs
            // another one, and 1,600 are nearly all there may be.
            outputs.add(
                    "(%s) COLLATE \"C\" AS %s"
                            .formatted(types.print(TypeCatalog.quote(column), type), output));
            order.add(
                    (asUtf8 ? "pg_catalog.convert_to(" + output + ", 'UTF8')" : output)
                            + " NULLS FIRST");
        }
        String rows =
                "SELECT %s FROM ONLY %s.%s"
                        .formatted(
                                outputs.isEmpty() ? "NULL::text" : String.join(", ", outputs),
                                TypeCatalog.quote(schema),
                                TypeCatalog.quote(name));
        return order.isEmpty()
                ? rows
                : "SELECT * FROM (%s) r ORDER BY %s".formatted(rows, String.join(", ", order));
    }
}
