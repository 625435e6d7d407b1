package warp.sql;

import java.util.List;
import warp.model.Table;

/** The statements by which changes of a held table are put aside, and taken up again. */
public final class HoldStatements {

    private static final int BYTEA_OID = 17;
    private static final int INT8_OID = 20;
    private static final int TEXT_OID = 25;
    private static final int TEXT_ARRAY_OID = 1009;
    private static final int LSN_OID = 3220;

    /** Holds a table: $1 slot, $2 schema, $3 table, $4 reason, $5 statements to run, an array. */
    public static final RowStatement PLACE =
            new RowStatement(
                    "INSERT INTO warp.hold (slot, schema_name, table_name, reason, statements)"
                            + " VALUES ($1, $2, $3, $4, $5)",
                    List.of(TEXT_OID, TEXT_OID, TEXT_OID, TEXT_OID, TEXT_ARRAY_OID));

    /** Notes a shape down: $1 slot, $2 number, $3 the relation. */
    public static final RowStatement SHAPE =
            new RowStatement(
                    "INSERT INTO warp.held_shape (slot, shape, relation) VALUES ($1, $2, $3)",
                    List.of(TEXT_OID, INT8_OID, BYTEA_OID));

    /**
     * Puts a change aside: $1 slot, $2 schema, $3 table, $4 number, $5 shape, $6 position, $7 the
     * change.
     */
    public static final RowStatement CHANGE =
            new RowStatement(
                    "INSERT INTO warp.held (slot, schema_name, table_name, number, shape, position,"
                            + " change) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    List.of(TEXT_OID, TEXT_OID, TEXT_OID, INT8_OID, INT8_OID, LSN_OID, BYTEA_OID));

    /** Gives their position to the changes from $2 on, of slot $1, that have none: $3. */
    public static final RowStatement POSITION =
            new RowStatement(
                    "UPDATE warp.held SET position = $3 WHERE slot = $1 AND number >= $2"
                            + " AND position IS NULL",
                    List.of(TEXT_OID, INT8_OID, LSN_OID));

    /** Takes up changes: $1 slot, $2 schema, $3 table, up to number $4. */
    public static final RowStatement TAKEN_UP =
            new RowStatement(
                    "DELETE FROM warp.held WHERE slot = $1 AND schema_name = $2 AND table_name = $3"
                            + " AND number <= $4",
                    List.of(TEXT_OID, TEXT_OID, TEXT_OID, INT8_OID));

    private HoldStatements() {}

    /** The highest number given to a held change or a shape so far; 0 for none. */
    public static String lastNumber(String slot) {
        String of = " WHERE slot = " + Identifiers.literal(slot);
        return "SELECT greatest((SELECT coalesce(pg_catalog.max(number), 0) FROM warp.held"
                + of
                + "), (SELECT coalesce(pg_catalog.max(shape), 0) FROM warp.held_shape"
                + of
                + "))";
    }

    /**
     * Empties a table without TRUNCATE, which could reach others by CASCADE, or be refused for
     * others' sake.
     */
    public static String empty(Table table) {
        return "DELETE FROM " + Identifiers.itself(table);
    }
}
