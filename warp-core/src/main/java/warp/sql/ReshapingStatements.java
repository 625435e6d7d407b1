package warp.sql;

import java.util.ArrayList;
import java.util.List;
import warp.model.TableName;

/** Statements that give a new table of the destination the shape that a rule asks for. */
public final class ReshapingStatements {

    private ReshapingStatements() {}

    /** With the table's own indexes and constraints over it, and with nothing else. */
    public static String dropColumn(TableName table, String column) {
        return alter(table) + "DROP COLUMN " + Identifiers.quote(column);
    }

    public static String renameColumn(TableName table, String from, String to) {
        return alter(table)
                + "RENAME COLUMN "
                + Identifiers.quote(from)
                + " TO "
                + Identifiers.quote(to);
    }

    /** Nothing where the names are equal; the schema is made where it is missing. */
    public static List<String> move(TableName from, TableName to) {
        List<String> statements = new ArrayList<>();
        if (!from.schema().equals(to.schema())) {
            statements.add("CREATE SCHEMA IF NOT EXISTS " + Identifiers.quote(to.schema()));
            statements.add(alter(from) + "SET SCHEMA " + Identifiers.quote(to.schema()));
        }
        if (!from.name().equals(to.name())) {
            statements.add(
                    alter(new TableName(to.schema(), from.name()))
                            + "RENAME TO "
                            + Identifiers.quote(to.name()));
        }
        return statements;
    }

    private static String alter(TableName table) {
        return "ALTER TABLE " + Identifiers.qualified(table) + " ";
    }
}
