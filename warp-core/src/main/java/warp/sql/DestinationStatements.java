package warp.sql;

import java.util.Collection;
import java.util.stream.Collectors;
import warp.model.Table;

/** Statements that empty the tables of the destination. */
public final class DestinationStatements {

    private DestinationStatements() {}

    /** One statement for all, so that foreign keys among them do not matter. */
    public static String truncate(Collection<Table> tables) {
        return "TRUNCATE "
                + tables.stream().map(Identifiers::itself).collect(Collectors.joining(", "));
    }
}
