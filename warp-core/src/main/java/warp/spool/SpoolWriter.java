package warp.spool;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import warp.decode.MessageOutline;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.postgres.wire.ChangeStream.Frame;

/**
 * Writes frames behind each other into segments.
 *
 * <h2>What is kept true</h2>
 *
 * <p>Blocks end where transactions end, but for those of a transaction that is larger than a block,
 * which hold nothing else; so whatever is cut, it is cut at the end of a block that {@link
 * BlockHead#endsTransaction}. {@link #synced} is such an end, and everything before it has been
 * forced to the disk: nothing above it may be acknowledged.
 *
 * <p>A segment begins where a transaction does, and can be decoded by itself: pgoutput describes a
 * relation once a session, so a description is repeated in each segment, before the first change
 * that needs it.
 *
 * <p>{@link #append} and {@link #beginSession} are for one thread, {@link #sync} for another.
 */
final class SpoolWriter {

    /** What the writer asks of the spool that it belongs to. */
    interface Folder {
        /** Makes a segment that begins there; the one before is forced and complete. */
        SegmentFile next(Lsn start);

        /** So many bytes are to be written. */
        void reserve(long bytes);

        /** So many bytes were written, or taken back where negative. */
        void written(long bytes, Lsn end);
    }

    private final Folder folder;
    private final OutputPlugin plugin;
    private final SpoolLimits limits;
    private final ReentrantLock lock = new ReentrantLock();

    private final FrameBuffer buffer = new FrameBuffer();

    /** Up to here the buffer holds whole transactions. */
    private int wholeBytes;

    private Lsn wholeEnd;
    private boolean inTransaction;
    private Lsn keepAlive = Lsn.NONE;

    private final Map<Integer, Frame.Data> shapes = new HashMap<>();
    private final Set<Integer> described = new HashSet<>();

    private SegmentFile segment;
    private long segmentWhole;
    private Lsn written;
    private volatile Lsn synced;

    /** Nothing more can be written. */
    private boolean closed;

    /** What was forced to the disk is not known any more. */
    private boolean unsure;

    /**
     * @param start where the spool ends so far; that is on the disk
     */
    SpoolWriter(Folder folder, OutputPlugin plugin, SpoolLimits limits, Lsn start) {
        this.folder = folder;
        this.plugin = plugin;
        this.limits = limits;
        this.segment = folder.next(start);
        this.segmentWhole = segment.size();
        this.written = start;
        this.synced = start;
        this.wholeEnd = start;
    }

    /** Everything that ended at or before it is on the disk. */
    Lsn synced() {
        return synced;
    }

    /**
     * A session of the walsender begins, or the one before has ended: what came of an unfinished
     * transaction is taken back.
     *
     * @return where the session has to begin
     */
    Lsn beginSession() {
        lock.lock();
        try {
            shapes.clear();
            described.clear();
            inTransaction = false;
            buffer.truncate(wholeBytes);
            if (segment.size() > segmentWhole) {
                cutToWhole();
            }
            return wholeEnd;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back blocks of a transaction that has not come to its end. */
    private void cutToWhole() {
        long size = segment.size();
        segment.truncate(segmentWhole);
        folder.written(segmentWhole - size, written);
    }

    /**
     * Takes the next frame. May write.
     *
     * @throws WarpException OUT_OF_SPACE, FILE or MALFORMED; nothing more can be appended then
     */
    void append(Frame frame) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("written to after its end");
            }
            switch (frame) {
                case Frame.Data data -> append(data);
                case Frame.KeepAlive alive -> {
                    if (!inTransaction) {
                        keepAlive = keepAlive.max(alive.walEnd());
                    }
                }
            }
        } catch (WarpException problem) {
            closed = true;
            throw problem;
        } finally {
            lock.unlock();
        }
    }

    private void append(Frame.Data data) {
        switch (MessageOutline.of(plugin, data.walStart(), data.bytes())) {
            case MessageOutline.Begin _ -> {
                if (inTransaction) {
                    throw malformed("a transaction begins within another", data.walStart());
                }
                addKeepAlive();
                inTransaction = true;
                buffer.add(data);
            }
            case MessageOutline.Commit commit -> {
                buffer.add(data);
                commit(commit.end(), data.walStart());
            }
            case MessageOutline.Shape shape -> {
                shapes.put(shape.relation(), data);
                described.remove(shape.relation());
            }
            case MessageOutline.Change change -> {
                describe(change.relation());
                add(data);
            }
            case MessageOutline.Truncate truncate -> {
                truncate.relations().forEach(this::describe);
                add(data);
            }
            case MessageOutline.Other _ -> {
                if (inTransaction) { // Elsewhere it is nobody's row.
                    add(data);
                }
            }
        }
    }

    private void describe(int relation) {
        Frame.Data shape = shapes.get(relation);
        if (shape != null && described.add(relation)) {
            buffer.add(shape);
        }
    }

    private void add(Frame.Data data) {
        buffer.add(data);
        if (buffer.size() >= limits.blockBytes()) {
            if (wholeBytes > 0) {
                writeWhole();
            } else {
                write(buffer.size(), Lsn.NONE);
            }
        }
    }

    private void commit(Lsn end, Lsn walStart) {
        if (!inTransaction || !end.isAfter(wholeEnd)) {
            throw malformed("a transaction ends out of order", walStart);
        }
        inTransaction = false;
        wholeEnd = end;
        wholeBytes = buffer.size();
        if (segment.size() >= limits.segmentBytes()) {
            writeWhole();
            force();
            segment.close();
            segment = folder.next(written);
            segmentWhole = segment.size();
            described.clear();
        } else if (wholeBytes >= limits.blockBytes() || segment.size() > segmentWhole) {
            writeWhole();
        }
    }

    /** Between transactions, the newest of those not written yet becomes the end. */
    private void addKeepAlive() {
        if (!inTransaction && keepAlive.isAfter(wholeEnd)) {
            buffer.add(new Frame.KeepAlive(keepAlive, false));
            wholeEnd = keepAlive;
            wholeBytes = buffer.size();
        }
    }

    private void writeWhole() {
        write(wholeBytes, wholeEnd);
        written = wholeEnd;
        wholeBytes = 0;
        segmentWhole = segment.size();
    }

    private void write(int count, Lsn end) {
        SegmentFile.Block block = SegmentFile.Block.of(buffer.bytes(), count);
        folder.reserve(block.length());
        segment.append(block, end);
        folder.written(block.length(), end);
        buffer.drop(count, 2 * limits.blockBytes());
    }

    private void force() {
        try {
            segment.force();
        } catch (WarpException problem) {
            unsure = true;
            throw problem;
        }
        synced = written;
    }

    /**
     * Writes all whole transactions and forces them to the disk. Appending goes on meanwhile.
     *
     * @return {@link #synced}
     * @throws WarpException OUT_OF_SPACE or FILE; then what was forced is unknown, and nothing more
     *     may be acknowledged
     */
    Lsn sync() {
        SegmentFile file;
        Lsn target;
        lock.lock();
        try {
            if (unsure) {
                return synced;
            }
            if (!closed) {
                addKeepAlive();
                if (wholeBytes > 0) {
                    writeWhole();
                }
            }
            file = segment;
            target = written;
            if (!target.isAfter(synced)) {
                return synced;
            }
        } catch (WarpException problem) {
            closed = true;
            throw problem;
        } finally {
            lock.unlock();
        }
        return forced(file, target);
    }

    /** Outside of the lock: the disk may take its time. */
    private Lsn forced(SegmentFile file, Lsn target) {
        FaultPoint.SPOOL_FORCED.before();
        try {
            file.force();
        } catch (WarpException problem) {
            lock.lock();
            try {
                if (!file.equals(segment)) {
                    // It was forced and closed when the next one was begun.
                    return synced;
                }
                closed = true;
                unsure = true;
                throw problem;
            } finally {
                lock.unlock();
            }
        }
        FaultPoint.SPOOL_FORCED.after();
        lock.lock();
        try {
            synced = synced.max(target);
            return synced;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back what is no whole transaction, as far as possible, and lets go of the file. */
    void close() {
        lock.lock();
        try {
            cutToWhole();
        } catch (WarpException leftTorn) {
            // It is cut when the spool is opened again.
        } finally {
            closed = true;
            unsure = true;
            segment.close();
            lock.unlock();
        }
    }

    private WarpException malformed(String what, Lsn at) {
        return new WarpException(ErrorCode.MALFORMED, plugin + " message at " + at + ": " + what);
    }
}
