package warp.apply;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warp.apply.TableChanges.Fate;
import warp.apply.TableChanges.Net;
import warp.model.Side;
import warp.model.TableName;
import warp.model.Tuple;
import warp.postgres.ServerErrors;
import warp.postgres.wire.Pipeline;
import warp.postgres.wire.ServerError;
import warp.sql.RowStatement;

/**
 * Writes what a set comes to into a pipeline: for each table what is deleted, what is updated and
 * what is inserted, in this order, so that what a unique key is taken from comes before what takes
 * it. Rows that are looked for are sorted by key: neighbours in the index are visited one after the
 * other. New ones come as they came, as their keys mostly ascend. For one thread.
 */
final class SetWriter {

    private static final Columns NONE = new Columns(new int[0]);
    private static final Comparator<Net> BY_KEY = Comparator.comparing(Net::key);

    private final Pipeline pipeline;
    private final ArrayText array = new ArrayText();
    private final CopyText text = new CopyText();

    SetWriter(Pipeline pipeline) {
        this.pipeline = pipeline;
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
        Map<Columns, List<Tuple>> updated = new LinkedHashMap<>();
        for (Net net : found) {
            if (net.fate() == Fate.UPDATED) {
                updated.computeIfAbsent(
                                new Columns(table.updatedBy(net.row())), _ -> new ArrayList<>())
                        .add(net.row());
            } else {
                deleted.add(net.key().tuple());
            }
        }
        send(table, Operation.DELETE, NONE, table::delete, deleted);
        updated.forEach((set, rows) ->
                send(table, Operation.UPDATE, set, () -> table.update(set.indexes()), rows));
        insert(table, inserted);
    }

    private void insert(SetTable table, List<Tuple> rows) {
        if (rows.size() >= InsertRun.COPY_ROWS_MIN) {
            table.target().copy(pipeline, text, rows, expectation(Operation.INSERT, table, rows));
        } else {
            send(table, Operation.INSERT, new Columns(table.inserted()), table::insert, rows);
        }
    }

    private void send(
            SetTable table,
            Operation operation,
            Columns set,
            Supplier<RowStatement> statement,
            List<Tuple> rows) {
        if (rows.isEmpty()) {
            return;
        }
        pipeline.bind(
                pipeline.prepare(
                        new Key(table, operation, set),
                        () -> ApplySession.source(statement.get())));
        for (int column : set.indexes()) {
            parameter(rows, column);
        }
        if (operation != Operation.INSERT) {
            for (int column : table.keys()) {
                parameter(rows, column);
            }
        }
        pipeline.execute(expectation(operation, table, rows));
    }

    private static Pipeline.Expectation expectation(
            Operation operation, SetTable table, List<Tuple> rows) {
        return new ManyRows(operation, table.target().destination().name(), rows.size());
    }

    private void parameter(List<Tuple> rows, int column) {
        array.begin();
        for (Tuple row : rows) {
            array.add(row, column);
        }
        array.end();
        pipeline.parameter(array.bytes(), array.length());
    }

    /** Two tables are never equal. */
    private record Key(SetTable table, Operation operation, Columns set) {}

    /** Indexes of columns, compared by value. */
    private static final class Columns {
        private final int[] indexes;

        Columns(int[] indexes) {
            this.indexes = indexes;
        }

        int[] indexes() {
            return indexes;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Columns that && Arrays.equals(indexes, that.indexes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(indexes);
        }
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
