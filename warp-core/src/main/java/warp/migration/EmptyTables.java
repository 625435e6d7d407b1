package warp.migration;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.postgres.wire.WireSession;
import warp.sql.SourceStatements;

/**
 * Finds the tables of which nothing is to be copied. A database of very many tables has mostly
 * such, and the round trips and new files of a copy cost the same for no row as for some.
 *
 * <p>A table without a page holds no row that a living snapshot sees: vacuum gives no page back
 * whose rows are still seen. TRUNCATE does, and gives the table another file, so those of another
 * file than the snapshot's are looked for after the pages were counted, not before.
 */
final class EmptyTables {

    private EmptyTables() {}

    /**
     * The tables with no row at the source as of the snapshot and none at the destination.
     *
     * @param source sees the snapshot
     * @param destination after its tables were emptied; what has rows all the same is left to the
     *     copy, which refuses it
     * @throws warp.error.WarpException TRANSIENT where one was truncated since: another snapshot is
     *     needed
     */
    static Set<TableName> find(WireSession source, Session destination, List<TablePair> pairs) {
        Set<Integer> filled =
                Catalog.filled(destination, pairs.stream().map(TablePair::destination).toList());
        Set<Integer> empty = atSource(source, pairs.stream().map(TablePair::source).toList());
        return pairs.stream()
                .filter(pair -> empty.contains(pair.source().oid()))
                .filter(pair -> !filled.contains(pair.destination().oid()))
                .map(TablePair::name)
                .collect(Collectors.toSet());
    }

    private static Set<Integer> atSource(WireSession source, List<Table> tables) {
        List<Integer> oids = tables.stream().map(Table::oid).toList();
        Optional<String> empty = source.queryText(SourceStatements.withoutPages(oids));
        if (empty.isEmpty()) {
            return Set.of();
        }
        List<Integer> found =
                Arrays.stream(empty.get().split(" ")).map(Integer::parseUnsignedInt).toList();
        TableLocks.requireUntouched(source, found);
        return new HashSet<>(found);
    }
}
