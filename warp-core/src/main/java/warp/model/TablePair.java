package warp.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of the source and the table of the destination that receives its rows, matched by name;
 * column by column they are matched by name as well.
 */
public record TablePair(Table source, Table destination) {

    /** The name, as at the source. */
    public TableName name() {
        return source.name();
    }

    /**
     * Each table of the source with the one of the same name at the destination; those without one
     * are left out.
     */
    public static List<TablePair> matching(
            Collection<Table> source, Collection<Table> destination) {
        Map<TableName, Table> receivers = new HashMap<>();
        destination.forEach(table -> receivers.put(table.name(), table));
        List<TablePair> pairs = new ArrayList<>();
        for (Table table : source) {
            Table receiver = receivers.get(table.name());
            if (receiver != null) {
                pairs.add(new TablePair(table, receiver));
            }
        }
        return pairs;
    }
}
