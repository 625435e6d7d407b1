package warp.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Column;
import warp.model.Tuple;
import warp.postgres.wire.Pipeline;
import warp.postgres.wire.ServerError;
import warp.progress.Progress;
import warp.sql.FilteredStatements;
import warp.sql.RowStatement;

/**
 * Writes changes of a table of which only the rows that meet a condition take part. Afterwards the
 * destination holds exactly those of the source's rows for which the condition is true.
 *
 * <p>The condition is asked of the new row, and an update may let the row in or out. Whether it was
 * in before is told by the old row where the stream sends all of it (REPLICA IDENTITY FULL), and
 * else by whether it is there: so a row that is missing for another reason is noticed only in the
 * first case. What the stream does not send, an unchanged TOAST value, is taken from the row that
 * is there; where none is, and the value is needed, nobody knows it and the applier stops.
 *
 * <p>For one thread.
 */
final class FilteredRows {

    private final Pipeline pipeline;
    private final Progress progress;

    FilteredRows(Pipeline pipeline, Progress progress) {
        this.pipeline = pipeline;
        this.progress = progress;
    }

    void insert(TargetRelation target, RowFilter filter, Tuple row, SourceTransaction transaction) {
        filter.requireColumns(target, transaction);
        int[] columns = settable(target, row);
        prepare(
                new Key(target, "I"),
                () ->
                        statements(target, filter)
                                .insert(columns(target, columns), filter.operands()));
        bind(columns, row);
        filter.bind(pipeline, row);
        execute(Operation.INSERT, target, transaction);
    }

    void delete(TargetRelation target, RowFilter filter, Tuple old, SourceTransaction transaction) {
        String finding = finding(Operation.DELETE, target, old);
        boolean known = target.isFull();
        prepare(
                new Key(target, "D" + finding),
                () ->
                        known
                                ? statements(target, filter)
                                        .deleteKnown(target.conditions(finding), filter.operands())
                                : statements(target, filter).delete(target.conditions(finding)));
        target.bindFinding(pipeline, finding, old);
        if (known) {
            filter.bind(pipeline, old);
        }
        execute(Operation.DELETE, target, transaction);
    }

    void update(
            TargetRelation target,
            RowFilter filter,
            ChangeEvent.Update change,
            SourceTransaction transaction) {
        filter.requireColumns(target, transaction);
        Tuple old = change.old();
        if (target.isFull() && old != null) {
            updateKnown(target, filter, old, change.row(), transaction);
        } else if (movesIdentity(target, old, change.row())) {
            requireAll(target, change.row(), transaction);
            delete(target, filter, old == null ? change.row() : old, transaction);
            insert(target, filter, change.row(), transaction);
        } else {
            update(target, filter, old == null ? change.row() : old, change.row(), transaction);
        }
    }

    /** The old row is known, and with it what the new one says has not changed. */
    private void updateKnown(
            TargetRelation target,
            RowFilter filter,
            Tuple old,
            Tuple changed,
            SourceTransaction transaction) {
        Tuple row = TableChanges.merged(old, changed);
        if (movesIdentity(target, old, row)) {
            delete(target, filter, old, transaction);
            insert(target, filter, row, transaction);
            return;
        }
        String finding = finding(Operation.UPDATE, target, old);
        int[] columns = settable(target, row);
        prepare(
                new Key(target, "F" + finding),
                () ->
                        statements(target, filter)
                                .updateKnown(
                                        columns(target, columns),
                                        target.conditions(finding),
                                        filter.operands(),
                                        filter.operands()));
        bind(columns, row);
        target.bindFinding(pipeline, finding, old);
        filter.bind(pipeline, row);
        filter.bind(pipeline, old);
        execute(Operation.UPDATE, target, transaction);
    }

    private void update(
            TargetRelation target,
            RowFilter filter,
            Tuple by,
            Tuple row,
            SourceTransaction transaction) {
        String finding = finding(Operation.UPDATE, target, by);
        int[] columns = settable(target, row);
        String shape = finding + shape(target, row) + filter.shape(row);
        if (filter.isUntouchedBy(row)) {
            prepare(
                    new Key(target, "S" + shape),
                    () ->
                            statements(target, filter)
                                    .update(columns(target, columns), target.conditions(finding)));
            // A column that is never updated is no parameter either.
            bind(columns, row);
            target.bindFinding(pipeline, finding, by);
        } else if (filter.lacksValues(row)) {
            throw ApplyErrors.unknownValue(target.relation(), transaction);
        } else {
            boolean complete = settable(target, null).length == columns.length;
            prepare(
                    new Key(target, "U" + shape),
                    () ->
                            statements(target, filter)
                                    .update(
                                            columns(target, columns),
                                            complete,
                                            target.conditions(finding),
                                            filter.operands(row)));
            bind(columns, row);
            target.bindFinding(pipeline, finding, by);
            filter.bind(pipeline, row);
        }
        execute(Operation.UPDATE, target, transaction);
    }

    private static String finding(Operation operation, TargetRelation target, Tuple by) {
        String finding = target.findingShape(by);
        if (finding == null) {
            throw ApplyErrors.unidentified(operation, target.relation());
        }
        return finding;
    }

    /** Whether a column may get a new value that is GENERATED ALWAYS AS IDENTITY. */
    private static boolean movesIdentity(TargetRelation target, @Nullable Tuple old, Tuple row) {
        for (int i = 0; i < row.size(); i++) {
            if (target.settable(i) && target.column(i).identityAlways()) {
                boolean told = target.isFull() || target.key(i);
                if (!told || (old != null && !old.sameValue(i, row))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void requireAll(
            TargetRelation target, Tuple row, SourceTransaction transaction) {
        for (int i = 0; i < row.size(); i++) {
            if (target.settable(i) && row.isUnchanged(i)) {
                throw ApplyErrors.unknownValue(target.relation(), transaction);
            }
        }
    }

    /** The columns that are written, but for those of which the row does not say the value. */
    private static int[] settable(TargetRelation target, @Nullable Tuple row) {
        int count = target.relation().columns().size();
        int[] found = new int[count];
        int size = 0;
        for (int i = 0; i < count; i++) {
            if (target.settable(i) && (row == null || !row.isUnchanged(i))) {
                found[size++] = i;
            }
        }
        return java.util.Arrays.copyOf(found, size);
    }

    private static List<Column> columns(TargetRelation target, int[] indexes) {
        List<Column> columns = new ArrayList<>();
        for (int index : indexes) {
            columns.add(target.column(index));
        }
        return columns;
    }

    private static String shape(TargetRelation target, Tuple row) {
        StringBuilder shape = new StringBuilder(row.size());
        for (int i = 0; i < row.size(); i++) {
            shape.append(target.settable(i) && row.isUnchanged(i) ? 'u' : '-');
        }
        return shape.toString();
    }

    private static FilteredStatements statements(TargetRelation target, RowFilter filter) {
        return new FilteredStatements(target.destination(), filter.text());
    }

    /** Two targets are never equal. */
    private record Key(TargetRelation target, String shape) {}

    private void prepare(Key key, Supplier<RowStatement> statement) {
        pipeline.bind(pipeline.prepare(key, () -> ApplySession.source(statement.get())));
    }

    private void bind(int[] columns, Tuple row) {
        for (int column : columns) {
            pipeline.parameter(row, column);
        }
    }

    private void execute(
            Operation operation, TargetRelation target, SourceTransaction transaction) {
        pipeline.execute(new MaybeOneRow(operation, target, transaction, progress));
    }

    private record MaybeOneRow(
            Operation operation,
            TargetRelation target,
            SourceTransaction transaction,
            Progress progress)
            implements Pipeline.Expectation {

        @Override
        public void affected(long rows) {
            if (rows == 1) {
                operation.counter(progress).increment();
            } else if (rows >= FilteredStatements.UNDECIDED && !target.isFull()) {
                throw ApplyErrors.unknownValue(target.relation(), transaction);
            } else if (rows != 0) {
                long found = rows >= FilteredStatements.UNDECIDED ? 0 : rows;
                throw ApplyErrors.wrongCount(
                        operation, target.destination().name(), transaction, 1, found);
            }
        }

        @Override
        public RuntimeException failed(ServerError error) {
            return ApplyErrors.refused(
                    operation.toString(),
                    target.destination().name().toString(),
                    transaction,
                    error);
        }
    }
}
