package warp.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import warp.error.WarpException;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Session;
import warp.schema.KnownStatistics;
import warp.schema.Statistics;
import warp.schema.Statistics.Gathering;

/**
 * Of which copied tables the planner's statistics are collected already. At the end no table that
 * holds rows is without, even where an earlier run was killed between the last row of a table and
 * its statistics. For any thread.
 */
final class CopiedStatistics {

    private final Set<TableName> collected = ConcurrentHashMap.newKeySet();
    private final Map<TableName, TablePair> askable = new ConcurrentHashMap<>();
    private volatile Statistics order = Statistics.NONE_WAIT;
    private volatile @Nullable Session source;

    /**
     * What is to be filled.
     *
     * @param source to be asked what it knows of large tables; null where it is not
     */
    void begin(@Nullable Session source, Session destination, List<TablePair> filling) {
        order = Statistics.of(destination, receivers(filling));
        this.source = source;
        askable.clear();
        if (source != null && KnownStatistics.canBeToldTo(destination)) {
            filling.stream()
                    .filter(KnownStatistics::areOfUse)
                    .forEach(pair -> askable.put(pair.destination().name(), pair));
        }
    }

    /**
     * What the source knows of the rows of a table that is filled now; empty where that is not to
     * be had, for whatever reason: ANALYZE does not need the source.
     */
    Optional<KnownStatistics> known(TableName filled) {
        Session asked = source;
        TablePair pair = askable.get(filled);
        if (asked == null || pair == null) {
            return Optional.empty();
        }
        try {
            return KnownStatistics.of(asked, pair);
        } catch (WarpException _) {
            return Optional.empty();
        }
    }

    /** Those of these tables, which are filled now, that need not wait for others. */
    List<TableName> due(List<TableName> filled) {
        Set<TableName> waiting = order.waiting();
        return filled.stream().filter(table -> !waiting.contains(table)).toList();
    }

    /** No more is to be done for these. */
    void done(Collection<TableName> tables) {
        collected.addAll(tables);
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
