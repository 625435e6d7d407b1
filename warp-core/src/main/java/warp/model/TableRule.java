package warp.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one table of the source arrives at the destination: under which name, with which of its
 * columns and rows. Columns are named as at the source, as they stand in the catalog.
 *
 * @param destination the table that receives the rows; null for the one of the same name
 * @param columns the only columns that travel; empty for all
 * @param leftOut columns that do not travel
 * @param renamed what columns are called at the destination, where that is another name
 * @param filter an SQL expression over the source's columns: only rows for which it is true take
 *     part; null for all rows
 * @param keyless what to do where the table has no key; null where nobody said
 */
public record TableRule(
        @Nullable TableName destination,
        List<String> columns,
        List<String> leftOut,
        Map<String, String> renamed,
        @Nullable String filter,
        @Nullable Keyless keyless) {

    /** Everything as it is. */
    public static final TableRule NONE =
            new TableRule(null, List.of(), List.of(), Map.of(), null, null);

    public TableRule {
        columns = List.copyOf(columns);
        leftOut = List.copyOf(leftOut);
        renamed = Map.copyOf(renamed);
    }

    /** Whether a column of the source takes part; also for one that was added after the rule. */
    public boolean takes(String column) {
        return (columns.isEmpty() || columns.contains(column)) && !leftOut.contains(column);
    }

    /** What a column of the source is called at the destination. */
    public String receiverOf(String column) {
        return renamed.getOrDefault(column, column);
    }

    /** What the source's table is called at the destination. */
    public TableName receiverOf(TableName table) {
        return destination == null ? table : destination;
    }
}
