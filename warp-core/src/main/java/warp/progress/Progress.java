package warp.progress;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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

    /** Chunks that were read into files; 0 where rows do not go through files. */
    public final LongAdder chunksRead = new LongAdder();

    public final LongAdder readBytes = new LongAdder();

    /** Bytes in files now, and what they may be at most. */
    public final AtomicLong stagedBytes = new AtomicLong();

    public final AtomicLong stagedBytesMax = new AtomicLong();

    /** Readers that wait for room in the files' directory. */
    public final AtomicLong readersWaiting = new AtomicLong();

    public final LongAdder transactions = new LongAdder();
    public final LongAdder inserts = new LongAdder();
    public final LongAdder updates = new LongAdder();
    public final LongAdder deletes = new LongAdder();
    public final LongAdder truncates = new LongAdder();

    /** Updates and deletes that are left out on purpose, of tables without a key. */
    public final LongAdder skipped = new LongAdder();

    public final LongAdder messages = new LongAdder();

    /** Changes put aside for held tables. */
    public final LongAdder held = new LongAdder();

    /** A copy begins, maybe once more: what was counted of an earlier one no longer counts. */
    public void copyBegins() {
        for (LongAdder counter :
                List.of(copiedBytes, copiedRows, chunksDone, chunksRead, readBytes, indexesDone)) {
            counter.reset();
        }
        chunksAll.set(0);
        copyBytesAll.set(0);
        indexesAll.set(0);
    }

    /** Holds up what loads the source. */
    public final Throttle throttle = new Throttle();

    private volatile boolean slotNeeded;

    /** Bytes that wait between reader and applier. */
    public final AtomicLong queuedBytes = new AtomicLong();

    /** Bytes of the changes that wait in the spool on this machine's disk. */
    public final AtomicLong spooledBytes = new AtomicLong();

    private volatile Lsn applied = Lsn.NONE;
    private volatile Lsn acknowledged = Lsn.NONE;
    private volatile Lsn sourceEnd = Lsn.NONE;

    /** Everything that committed at the source before this is applied at the destination. */
    public Lsn applied() {
        return applied;
    }

    /** Only the applying thread says so. */
    public void applied(Lsn position) {
        applied = position;
    }

    /** What the source has been told is durable. */
    public Lsn acknowledged() {
        return acknowledged;
    }

    /** Only the reading side says so. */
    public void acknowledged(Lsn position) {
        acknowledged = position;
    }

    /**
     * Whether the slot is there, and what is being done is in vain without it; not while it is
     * made.
     */
    public boolean slotNeeded() {
        return slotNeeded;
    }

    /** Whoever makes the slot, or has found it, says so. */
    public void slotNeeded(boolean needed) {
        slotNeeded = needed;
    }

    /** The source's newest known position. */
    public Lsn sourceEnd() {
        return sourceEnd;
    }

    /** The source was seen at this position; an older one changes nothing. Any thread. */
    public synchronized void sourceEnd(Lsn position) {
        sourceEnd = sourceEnd.max(position);
    }
}
