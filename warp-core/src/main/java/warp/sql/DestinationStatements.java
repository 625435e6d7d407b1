package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.TableName;

/** Statements that look into and empty the tables of the destination. */
public final class DestinationStatements {

    private DestinationStatements() {}

    /** One statement for all, so that foreign keys among them do not matter. */
    public static String truncate(List<TableName> tables) {
        return "TRUNCATE "
                + tables.stream()
                        .map(table -> "ONLY " + Identifiers.qualified(table))
                        .collect(Collectors.joining(", "));
    }

    /** Gives {@code has_rows}: reads no more than the first row. */
    public static String hasRows(TableName table) {
        return "SELECT EXISTS (SELECT 1 FROM ONLY "
                + Identifiers.qualified(table)
                + ") AS has_rows";
    }
}
