package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.TableName;

/** Statements that empty the tables of the destination. */
public final class DestinationStatements {

    private DestinationStatements() {}

    /** One statement for all, so that foreign keys among them do not matter. */
    public static String truncate(List<TableName> tables) {
        return "TRUNCATE "
                + tables.stream()
                        .map(table -> "ONLY " + Identifiers.qualified(table))
                        .collect(Collectors.joining(", "));
    }
}
