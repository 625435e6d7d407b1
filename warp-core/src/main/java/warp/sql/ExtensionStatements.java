package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.TableName;

/**
 * Statements about rows that users keep in tables of extensions. A condition is what the extension
 * itself declared ("Extension Configuration Tables" in the manual): empty, or WHERE and what
 * follows.
 */
public final class ExtensionStatements {

    private ExtensionStatements() {}

    /** A digest of all rows, whatever their order, as {@code digest}; and their count. */
    public static String digest(TableName table, List<String> columns, String condition) {
        return ("SELECT pg_catalog.count(*) AS rows, coalesce(pg_catalog.md5(pg_catalog.string_agg("
                        + "pg_catalog.md5(r::text), '' ORDER BY pg_catalog.md5(r::text))), '') AS"
                        + " digest FROM (%s) r")
                .formatted(select(table, columns, condition));
    }

    public static String copyOut(TableName table, List<String> columns, String condition) {
        return "COPY (" + select(table, columns, condition) + ") TO STDOUT";
    }

    private static String select(TableName table, List<String> columns, String condition) {
        return "SELECT "
                + list(columns)
                + " FROM ONLY "
                + Identifiers.qualified(table)
                + " "
                + condition;
    }

    public static String copyIn(TableName table, List<String> columns) {
        return "COPY " + Identifiers.qualified(table) + " (" + list(columns) + ") FROM STDIN";
    }

    private static String list(List<String> columns) {
        return columns.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
    }

    public static String delete(TableName table, String condition) {
        return "DELETE FROM ONLY " + Identifiers.qualified(table) + " " + condition;
    }
}
