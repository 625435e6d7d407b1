package warp.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Session;
import warp.schema.Statistics;
import warp.schema.Statistics.Gathering;

/**
 * Of which copied tables the planner's statistics are collected already. At the end no table that
 * holds rows is without, even where an earlier run was killed between the last row of a table and
 * its statistics. For any thread.
 */
final class CopiedStatistics {

    private final Set<TableName> collected = ConcurrentHashMap.newKeySet();
    private volatile Statistics order = Statistics.NONE_WAIT;

    /** What is to be filled. */
    void begin(Session destination, List<TablePair> filling) {
        order = Statistics.of(destination, receivers(filling));
    }

    /** Those of these tables, which are filled now, that need not wait for others. */
    List<TableName> due(List<TableName> filled) {
        Set<TableName> waiting = order.waiting();
        return filled.stream().filter(table -> !waiting.contains(table)).toList();
    }

    /** No more is to be done for these. */
    void done(Gathering gathering) {
        collected.addAll(gathering.tables());
    }

    /** What is left to be collected once all of these tables are filled. */
    List<Gathering> left(Session destination, List<TablePair> filled) {
        Collection<Table> receivers = receivers(filled);
        Statistics atTheEnd = Statistics.of(destination, receivers);
        List<TableName> missing =
                Statistics.missing(
                        destination,
                        receivers.stream()
                                .filter(table -> !collected.contains(table.name()))
                                .filter(table -> !atTheEnd.waiting().contains(table.name()))
                                .toList());
        List<Gathering> left = new ArrayList<>(atTheEnd.atTheEnd());
        missing.forEach(table -> left.add(Gathering.of(List.of(table))));
        return left;
    }

    /** Each once, though several tables of the source may go into one. */
    private static Collection<Table> receivers(List<TablePair> pairs) {
        Map<TableName, Table> receivers = new LinkedHashMap<>();
        pairs.forEach(pair -> receivers.put(pair.destination().name(), pair.destination()));
        return receivers.values();
    }
}
