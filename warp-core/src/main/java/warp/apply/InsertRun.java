package warp.apply;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.model.TableName;
import warp.model.Tuple;
import warp.postgres.wire.Pipeline;
import warp.postgres.wire.ServerError;
import warp.progress.Progress;

/**
 * Rows that one transaction inserts into one table, one after the other: many together go by a
 * COPY, which costs the server a fraction of what they cost one by one. Nothing is reordered: the
 * pipeline sends what waits here before anything else. For one thread.
 */
final class InsertRun {

    /** Fewer are inserted one by one: a COPY has a price of its own. */
    static final int COPY_ROWS_MIN = 16;

    private static final int ROWS_MAX = 1000;

    /** Rows of more bytes than this are not kept waiting, neither one nor all together. */
    private static final int BYTES_MAX = 256 * 1024;

    private final Pipeline pipeline;
    private final Progress progress;
    private final Single single;
    private final CopyText text = new CopyText();
    private final List<Tuple> rows = new ArrayList<>(ROWS_MAX);
    private @Nullable TargetRelation target;
    private @Nullable SourceTransaction transaction;
    private long bytes;

    /** Inserts one row. */
    @FunctionalInterface
    interface Single {
        void insert(TargetRelation target, Tuple row, SourceTransaction transaction);
    }

    InsertRun(Pipeline pipeline, Progress progress, Single single) {
        this.pipeline = pipeline;
        this.progress = progress;
        this.single = single;
    }

    /** Inserts a row of which no value is missing, now or together with those to come. */
    void insert(TargetRelation into, Tuple row, SourceTransaction of) {
        long size = row.heapBytes();
        if (!into.takesCopy() || size > BYTES_MAX) {
            single.insert(into, row, of);
            return;
        }
        if (!goesOn(into, of)) {
            pipeline.sendWaiting();
            target = into;
            transaction = of;
            pipeline.holdBack(this::send);
        }
        rows.add(row);
        bytes += size;
        if (rows.size() >= ROWS_MAX || bytes > BYTES_MAX) {
            pipeline.sendWaiting();
        }
    }

    @SuppressWarnings("ReferenceEquality") // Two of them are never equal.
    private boolean goesOn(TargetRelation into, SourceTransaction of) {
        return !rows.isEmpty() && target == into && transaction == of;
    }

    private void send() {
        TargetRelation into = target;
        SourceTransaction of = transaction;
        if (into == null || of == null) {
            throw new IllegalStateException("nothing waits");
        }
        if (rows.size() < COPY_ROWS_MIN) {
            rows.forEach(row -> single.insert(into, row, of));
        } else {
            Rows answer = new Rows(into.table(), into.destination().name(), rows.size(), of);
            into.copy(pipeline, text, rows, answer.by(progress));
        }
        rows.clear();
        bytes = 0;
    }

    /** What a COPY's answer must be. */
    private record Rows(
            TableName table, TableName destination, int sent, SourceTransaction transaction) {

        Pipeline.Expectation by(Progress progress) {
            return new Pipeline.Expectation() {
                @Override
                public void affected(long rows) {
                    if (rows != sent) {
                        throw ApplyErrors.leftOut(destination, transaction, sent - rows);
                    }
                    progress.inserts.add(rows);
                }

                @Override
                public RuntimeException failed(ServerError error) {
                    return ApplyErrors.rowRefused(
                            Operation.INSERT, table, destination, transaction, error);
                }
            };
        }
    }
}
