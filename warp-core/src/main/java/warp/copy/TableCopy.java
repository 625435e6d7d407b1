package warp.copy;

import warp.copy.ChunkCopy.Copied;
import warp.model.TableName;
import warp.model.TablePair;
import warp.sql.CopyStatements.Format;

/** How far this copy is with one table. For any number of threads. */
final class TableCopy {

    /** The order of workers that finish chunks of a table side by side. */
    private final Object lock = new Object();

    private final TablePair pair;
    private final Format format;
    private int chunksLeft;
    private boolean begun;
    private long beganNanos;
    private long rows;
    private long bytes;

    TableCopy(TablePair pair, Format format) {
        this.pair = pair;
        this.format = format;
    }

    TablePair pair() {
        return pair;
    }

    TableName name() {
        return pair.name();
    }

    Format format() {
        return format;
    }

    /** What a follow-up has to read: it is taken to cost as much as copying the table did. */
    long followUpBytes() {
        return pair.source().bytes();
    }

    /** One more chunk is to be copied. Before the workers start. */
    void expectChunk() {
        chunksLeft++;
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
