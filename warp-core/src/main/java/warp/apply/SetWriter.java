package warp.apply;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import warp.apply.TableChanges.Fate;
import warp.apply.TableChanges.Net;
import warp.model.Side;
import warp.model.TableName;
import warp.model.Tuple;
import warp.postgres.ServerErrors;
import warp.postgres.wire.Pipeline;
import warp.postgres.wire.ServerError;

/**
 * Writes what a set comes to into a pipeline: for each table what is deleted, what is updated and
 * what is inserted, in this order, so that what a unique key is taken from comes before what takes
 * it. Rows that are looked for are sorted by key: neighbours in the index are visited one after the
 * other. New ones come as they came, as their keys mostly ascend. For one thread.
 */
final class SetWriter {

    private static final Comparator<Net> BY_KEY = Comparator.comparing(Net::key);

    private final Pipeline pipeline;
    private final ArrayRows arrays;
    private final CopyText text = new CopyText();

    SetWriter(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.arrays = new ArrayRows(pipeline);
    }

    /** Sends the statements; their answers may be {@link SetRefused}. */
    void write(TableChanges changes) {
        SetTable table = changes.table();
        List<Net> found = new ArrayList<>();
        List<Tuple> inserted = new ArrayList<>(changes.keyless());
        for (Net net : changes.keyed()) {
            switch (net.fate()) {
                case INSERTED -> inserted.add(net.row());
                case REPLACED -> {
                    found.add(net);
                    inserted.add(net.row());
                }
                case UPDATED, DELETED -> found.add(net);
                case GONE -> {
                    // There is nothing to do.
                }
            }
        }
        found.sort(BY_KEY);
        List<Tuple> deleted = new ArrayList<>();
        Map<ArrayRows.Columns, List<Tuple>> updated = new LinkedHashMap<>();
        for (Net net : found) {
            if (net.fate() == Fate.UPDATED) {
                updated.computeIfAbsent(
                                new ArrayRows.Columns(changes.relation().updatedBy(net.row())),
                                _ -> new ArrayList<>())
                        .add(net.row());
            } else {
                deleted.add(net.key().tuple());
            }
        }
        if (!deleted.isEmpty()) {
            arrays.delete(table, deleted, expectation(Operation.DELETE, table, deleted));
        }
        updated.forEach((set, rows) ->
                arrays.update(table, set, rows, expectation(Operation.UPDATE, table, rows)));
        insert(table, inserted);
    }

    private void insert(SetTable table, List<Tuple> rows) {
        if (rows.size() >= RowRun.TOGETHER_MIN) {
            table.target().copy(pipeline, text, rows, expectation(Operation.INSERT, table, rows));
        } else if (!rows.isEmpty()) {
            arrays.insert(table, rows, expectation(Operation.INSERT, table, rows));
        }
    }

    private static Pipeline.Expectation expectation(
            Operation operation, SetTable table, List<Tuple> rows) {
        return new ManyRows(operation, table.target().destination().name(), rows.size());
    }

    private record ManyRows(Operation operation, TableName table, long expected)
            implements Pipeline.Expectation {

        @Override
        public void affected(long rows) {
            if (rows != expected) {
                throw new SetRefused(
                        "%s of %s: %d rows instead of %d"
                                .formatted(operation, table, rows, expected));
            }
        }

        /** Only what tells of the session or the server, not of the statement, is final. */
        @Override
        public RuntimeException failed(ServerError error) {
            String state = error.sqlState();
            return state.startsWith("57") || state.startsWith("08")
                    ? ServerErrors.from(Side.DESTINATION, error)
                    : new SetRefused("%s of %s: %s".formatted(operation, table, state));
        }
    }
}
