package warp.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import warp.copy.ChunkCopy.Copied;
import warp.copy.CopyJob.CopyChunk;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.wire.WireSession;
import warp.sql.CopyStatements.Format;

/** How far this copy is with one table. For any number of threads. */
final class TableCopy {

    /** The order of workers that finish chunks of a table side by side. */
    private final Object lock = new Object();

    private final TablePair pair;
    private final Format format;
    private final boolean far;
    private volatile @Nullable Format shorter;
    private int chunksLeft;
    private boolean begun;
    private long beganNanos;
    private long rows;
    private long bytes;
    private int chunksToAdvance;
    private boolean takenOver;
    private final List<CopyChunk> waiting = new ArrayList<>();
    private final Map<Integer, Advanced> advanced = new TreeMap<>();

    /** What a chunk that was there is made of as of this snapshot. */
    record Advanced(long unchanged, long changed) {
        long rows() {
            return unchanged + changed;
        }
    }

    /**
     * @param format that costs the servers least
     * @param far whether the shortest is better
     */
    TableCopy(TablePair pair, Format format, boolean far) {
        this.pair = pair;
        this.format = format;
        this.far = far;
    }

    TablePair pair() {
        return pair;
    }

    TableName name() {
        return pair.name();
    }

    /** The format that costs the servers least. */
    Format format() {
        return format;
    }

    /**
     * The format for a chunk that is worth a look at which is shorter.
     *
     * @param source sees the table, and holds it
     */
    Format format(WireSession source) {
        if (!far || format == Format.TEXT) {
            return format;
        }
        Format chosen = shorter;
        if (chosen == null) {
            // Two workers may look at once: they see the same.
            chosen = ShorterFormat.of(source, pair);
            shorter = chosen;
        }
        return chosen;
    }

    /** What a follow-up has to read: it is taken to cost as much as copying the table did. */
    long followUpBytes() {
        return pair.source().bytes();
    }

    /** One more chunk is to be copied. Before the workers start. */
    void expectChunk() {
        chunksLeft++;
    }

    /**
     * A chunk is there as of an earlier snapshot. Before the workers start, as {@link #holdBack}.
     */
    void expectAdvance() {
        chunksToAdvance++;
    }

    /** A chunk that may be copied once those that are there are as of this snapshot. */
    void holdBack(CopyChunk chunk) {
        waiting.add(chunk);
    }

    /** What came of a chunk that is there. */
    void staged(int chunk, Advanced what) {
        synchronized (lock) {
            advanced.put(chunk, what);
        }
    }

    /**
     * Whether all chunks that are there are staged; tells one caller so, though several ask at
     * once.
     */
    boolean isStaged() {
        synchronized (lock) {
            boolean last = !takenOver && advanced.size() == chunksToAdvance;
            takenOver |= last;
            return last;
        }
    }

    /** Of every chunk that was there, by number, once all of them are staged. */
    Map<Integer, Advanced> advanced() {
        synchronized (lock) {
            return Map.copyOf(advanced);
        }
    }

    /** What {@link #holdBack} was told. */
    List<CopyChunk> waiting() {
        return waiting;
    }

    /** Tells the first caller so. */
    boolean begin() {
        synchronized (lock) {
            boolean first = !begun;
            if (first) {
                begun = true;
                beganNanos = System.nanoTime();
            }
            return first;
        }
    }

    /** A chunk is committed; tells whether it was the last. */
    boolean finish(Copied copied) {
        synchronized (lock) {
            rows += copied.rows();
            bytes += copied.bytes();
            chunksLeft--;
            return chunksLeft == 0;
        }
    }

    boolean isComplete() {
        synchronized (lock) {
            return chunksLeft == 0;
        }
    }

    long rows() {
        synchronized (lock) {
            return rows;
        }
    }

    long bytes() {
        synchronized (lock) {
            return bytes;
        }
    }

    double seconds() {
        synchronized (lock) {
            return (System.nanoTime() - beganNanos) / 1e9;
        }
    }
}
