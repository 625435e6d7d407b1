package warp.apply;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.TableName;
import warp.model.Tuple;
import warp.postgres.wire.Pipeline;
import warp.postgres.wire.ServerError;
import warp.progress.Progress;

/**
 * Changes of one kind that one transaction makes to one table, one after the other: many of them go
 * together, which costs the server a fraction of what they cost one by one. Rows are inserted by a
 * COPY, updated and deleted by a statement fed with arrays and joined by key.
 *
 * <p>Nothing is reordered: the pipeline sends what waits here before anything else. Within a run no
 * order is kept of what is updated or deleted, and none is needed: every row of it has another key
 * and keeps that, and nothing at the destination looks at one row after the other ({@link
 * DestinationConstraints}). Should that have changed since it was asked, or a row be missing, the
 * server refuses the run, or it finds another number of rows: {@link RunRefused} tells to apply the
 * transaction once more, row by row, and what is wrong is found where it is.
 *
 * <p>For one thread.
 */
final class RowRun {

    /** Fewer are sent one by one: what changes many has a price of its own. */
    static final int TOGETHER_MIN = 16;

    private static final int ROWS_MAX = 1000;

    /** Rows of more bytes than this are not kept waiting, neither one nor all together. */
    private static final int BYTES_MAX = 256 * 1024;

    private final Pipeline pipeline;
    private final DestinationCatalog catalog;
    private final Progress progress;
    private final Single single;
    private final CopyText text = new CopyText();
    private final ArrayRows arrays;
    private final List<Tuple> rows = new ArrayList<>(ROWS_MAX);
    private Set<RowKey> keys = new HashSet<>();
    private @Nullable Kind kind;
    private long bytes;
    private long sentTogether;

    /** What the rows of a run have in common. */
    private record Kind(Operation operation, TargetRelation target, SourceTransaction transaction) {

        /** Two targets, or transactions, are never equal. */
        @SuppressWarnings("ReferenceEquality")
        boolean is(Operation what, TargetRelation into, SourceTransaction of) {
            return operation == what && target == into && transaction == of;
        }
    }

    /** Sends the change of one row, one that the run has taken. */
    @FunctionalInterface
    interface Single {
        void send(Operation operation, TargetRelation target, Tuple row, SourceTransaction of);
    }

    RowRun(Pipeline pipeline, DestinationCatalog catalog, Progress progress, Single single) {
        this.pipeline = pipeline;
        this.catalog = catalog;
        this.progress = progress;
        this.single = single;
        this.arrays = new ArrayRows(pipeline);
    }

    /**
     * Whether a row, of which no value is missing, is taken: to be inserted now or together with
     * those to come.
     */
    boolean insert(TargetRelation into, Tuple row, SourceTransaction of) {
        return into.takesCopy() && add(Operation.INSERT, into, row, null, of);
    }

    /** As {@link #insert}. */
    boolean update(TargetRelation into, ChangeEvent.Update change, SourceTransaction of) {
        SetRelation relation = catalog.relation(into);
        return relation != null
                && relation.takesInPlace(change)
                && add(Operation.UPDATE, into, change.row(), relation, of);
    }

    /** As {@link #insert}. */
    boolean delete(TargetRelation into, ChangeEvent.Delete change, SourceTransaction of) {
        SetRelation relation = catalog.relation(into);
        return relation != null
                && relation.takes(change)
                && add(Operation.DELETE, into, change.old(), relation, of);
    }

    /** Rows that were updated or deleted together with others. */
    long sentTogether() {
        return sentTogether;
    }

    private boolean add(
            Operation operation,
            TargetRelation into,
            Tuple row,
            @Nullable SetRelation keyed,
            SourceTransaction of) {
        long size = row.heapBytes();
        if (size > BYTES_MAX) {
            return false;
        }
        boolean goesOn = !rows.isEmpty() && kind != null && kind.is(operation, into, of);
        if (keyed != null) {
            RowKey key = keyed.key(row);
            goesOn =
                    goesOn
                            && (operation == Operation.DELETE
                                    || keyed.updateAlike(rows.getFirst(), row))
                            && !keys.contains(key);
            if (!goesOn) {
                begin(operation, into, of);
            }
            keys.add(key);
        } else if (!goesOn) {
            begin(operation, into, of);
        }
        rows.add(row);
        bytes += size;
        if (rows.size() >= ROWS_MAX || bytes > BYTES_MAX) {
            pipeline.sendWaiting();
        }
        return true;
    }

    private void begin(Operation operation, TargetRelation into, SourceTransaction of) {
        pipeline.sendWaiting();
        kind = new Kind(operation, into, of);
        pipeline.holdBack(this::send);
    }

    private void send() {
        Kind sent = kind;
        if (sent == null) {
            throw new IllegalStateException("nothing waits");
        }
        if (rows.size() < TOGETHER_MIN || !sendTogether(sent)) {
            rows.forEach(
                    row -> single.send(sent.operation(), sent.target(), row, sent.transaction()));
        }
        // Clearing a set costs what it once held.
        keys = keys.size() > TOGETHER_MIN ? new HashSet<>() : keys;
        keys.clear();
        rows.clear();
        bytes = 0;
    }

    /** Whether the destination's table takes them together. */
    private boolean sendTogether(Kind sent) {
        TargetRelation into = sent.target();
        Pipeline.Expectation answer = new Together(sent, rows.size(), progress);
        if (sent.operation() == Operation.INSERT) {
            into.copy(pipeline, text, rows, answer);
            return true;
        }
        SetTable table = catalog.tableOfRuns(into, sent.operation());
        if (table == null) {
            return false;
        }
        if (sent.operation() == Operation.UPDATE) {
            int[] set = table.relation().updatedBy(rows.getFirst());
            arrays.update(table, new ArrayRows.Columns(set), rows, answer);
        } else {
            arrays.delete(table, rows, answer);
        }
        sentTogether += rows.size();
        return true;
    }

    /** What the answer to a run must be. */
    private record Together(Kind kind, int sent, Progress progress)
            implements Pipeline.Expectation {

        @Override
        public void affected(long rows) {
            if (rows != sent) {
                throw kind.operation() == Operation.INSERT
                        ? ApplyErrors.leftOut(destination(), kind.transaction(), sent - rows)
                        : new RunRefused(
                                kind.transaction().id(),
                                ApplyErrors.wrongCount(
                                        kind.operation(),
                                        destination(),
                                        kind.transaction(),
                                        sent,
                                        rows));
            }
            kind.operation().counter(progress).add(rows);
        }

        @Override
        public RuntimeException failed(ServerError error) {
            return kind.operation() == Operation.INSERT
                    ? ApplyErrors.rowRefused(
                            Operation.INSERT,
                            kind.target().table(),
                            destination(),
                            kind.transaction(),
                            error)
                    : RunRefused.orLost(
                            kind.transaction().id(),
                            ApplyErrors.refused(
                                    kind.operation().toString(),
                                    destination().toString(),
                                    kind.transaction(),
                                    error));
        }

        private TableName destination() {
            return kind.target().destination().name();
        }
    }
}
