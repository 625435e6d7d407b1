package warp.migration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import warp.copy.staging.Manifest;
import warp.copy.staging.Manifest.StagedTable;
import warp.copy.staging.StagedFiles;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ReplicaIdentity;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.model.TableRule;
import warp.plan.Chunk;
import warp.plan.Range;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.state.CopyStore.Standing;

/**
 * The tables of a directory and their receivers, as far as loading needs them, without a look at
 * the source: which columns receive what, each file says.
 */
record StagedPairs(List<TablePair> pairs, List<Chunk> chunks) {

    /**
     * @throws WarpException CONFLICT where the destination lacks a table
     */
    static StagedPairs of(Session destination, Manifest manifest) {
        Map<TableName, Table> receivers = new HashMap<>();
        Catalog.receivers(destination).forEach(table -> receivers.put(table.name(), table));
        List<TablePair> pairs = new ArrayList<>();
        List<Chunk> chunks = new ArrayList<>();
        for (StagedTable table : manifest.tables()) {
            Table receiver = receivers.get(table.receiver());
            if (receiver == null) {
                throw new WarpException(
                                ErrorCode.CONFLICT,
                                "table %s is not there, whose rows are in the files"
                                        .formatted(table.receiver()))
                        .at(Side.DESTINATION)
                        .hint("Make it as it was: pg_dump -s of the source has it.");
            }
            pairs.add(new TablePair(source(table), receiver, TableRule.NONE, table.shared(), null));
            addChunks(table, chunks);
        }
        return new StagedPairs(List.copyOf(pairs), List.copyOf(chunks));
    }

    /**
     * Of a directory that does not hold everything: the files of tables that they make complete,
     * and of those that keep what is there of them.
     *
     * @param standing what is copied already
     */
    StagedPairs useful(
            StagedFiles files, Map<TableName, Standing> standing, Set<TableName> keepsChunks) {
        Map<TableName, List<Chunk>> there = new HashMap<>();
        for (Chunk chunk : chunks) {
            if (files.has(chunk.table(), chunk.number())) {
                there.computeIfAbsent(chunk.table(), _ -> new ArrayList<>()).add(chunk);
            }
        }
        there.entrySet()
                .removeIf(table -> {
                    Standing known = standing.get(table.getKey());
                    boolean complete =
                            known != null
                                    && known.marked() + table.getValue().size() >= known.chunks();
                    return !complete && !keepsChunks.contains(table.getKey());
                });
        return new StagedPairs(
                pairs.stream().filter(pair -> there.containsKey(pair.name())).toList(),
                there.values().stream().flatMap(List::stream).toList());
    }

    private static Table source(StagedTable table) {
        return new Table(
                0,
                table.name(),
                List.of(),
                ReplicaIdentity.DEFAULT,
                List.of(),
                table.bytes(),
                0,
                -1,
                false,
                false,
                false,
                false);
    }

    /** Which rows a chunk has, its file knows; that a table has several, the copy must. */
    private static void addChunks(StagedTable table, List<Chunk> chunks) {
        for (int number = 0; number < table.chunks(); number++) {
            Optional<Range> part =
                    table.chunks() == 1
                            ? Optional.empty()
                            : Optional.of(new Range.Pages(number, number + 1));
            chunks.add(new Chunk(table.name(), number, part, table.bytes() / table.chunks()));
        }
    }
}
