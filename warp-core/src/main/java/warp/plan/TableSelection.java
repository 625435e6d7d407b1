package warp.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;

/** Which tables of a source a migration moves, and what receives them. Pure. */
public final class TableSelection {

    private TableSelection() {}

    /**
     * The tables that patterns choose. A pattern that names a partitioned table chooses its
     * partitions: a leaf is included where it or one of its ancestors is, unless it or one of them
     * is excluded.
     *
     * @param ancestors of each leaf partition
     */
    public static List<Table> choose(
            List<Table> tables, TablePatterns patterns, Map<TableName, List<TableName>> ancestors) {
        return tables.stream()
                .filter(table -> isChosen(table.name(), patterns, ancestors))
                .toList();
    }

    private static boolean isChosen(
            TableName name, TablePatterns patterns, Map<TableName, List<TableName>> ancestors) {
        List<TableName> family = new ArrayList<>(ancestors.getOrDefault(name, List.of()));
        family.add(name);
        return family.stream().noneMatch(patterns::excludes)
                && family.stream().anyMatch(patterns::includes);
    }

    /**
     * Each table with the one of the same name at the other side; those without one are left out.
     */
    public static List<TablePair> pair(Collection<Table> source, Collection<Table> destination) {
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
