package warp.progress;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import warp.model.Lsn;

/**
 * The counters of one migration, written by its threads and read by whatever shows them. Everything
 * only grows but the positions and gauges. One instance a migration.
 */
public final class Progress {

    public final LongAdder copiedBytes = new LongAdder();
    public final LongAdder copiedRows = new LongAdder();
    public final LongAdder chunksDone = new LongAdder();
    public final AtomicLong chunksAll = new AtomicLong();
    public final AtomicLong copyBytesAll = new AtomicLong();
    public final LongAdder indexesDone = new LongAdder();
    public final AtomicLong indexesAll = new AtomicLong();

    public final LongAdder transactions = new LongAdder();
    public final LongAdder inserts = new LongAdder();
    public final LongAdder updates = new LongAdder();
    public final LongAdder deletes = new LongAdder();
    public final LongAdder truncates = new LongAdder();
    public final LongAdder messages = new LongAdder();

    /** Bytes that wait between reader and applier. */
    public final AtomicLong queuedBytes = new AtomicLong();

    /** End of the last transaction applied at the destination. */
    public final AtomicReference<Lsn> applied = new AtomicReference<>(Lsn.NONE);

    /** What the source has been told is durable. */
    public final AtomicReference<Lsn> acknowledged = new AtomicReference<>(Lsn.NONE);

    /** The source's newest known position. */
    public final AtomicReference<Lsn> sourceEnd = new AtomicReference<>(Lsn.NONE);
}
