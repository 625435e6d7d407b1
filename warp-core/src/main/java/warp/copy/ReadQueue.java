package warp.copy;

import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import warp.copy.CopyJob.CopyChunk;

/**
 * Chunks that are to be read into files, in the order of {@link JobQueue}. Once the last is read,
 * it is over for good: the source's snapshot may go. For any number of threads.
 */
final class ReadQueue {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<CopyChunk> chunks =
            new PriorityQueue<>(
                    Comparator.comparingLong(CopyChunk::weight)
                            .reversed()
                            .thenComparing(job -> job.chunk().table())
                            .thenComparingInt(job -> job.chunk().number()));
    private int reading;
    private boolean over;
    private boolean closed;

    /** Before the first reader asks. */
    void add(Collection<CopyChunk> jobs) {
        lock.lock();
        try {
            chunks.addAll(jobs);
        } finally {
            lock.unlock();
        }
    }

    /** So many chunks are read by others; each is told of by {@link #done}. */
    void expectElsewhere(int count) {
        lock.lock();
        try {
            reading += count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A file was damaged: its chunk is to be read once more.
     *
     * @return whether it will be; not where reading is over
     */
    boolean addAgain(CopyChunk job) {
        lock.lock();
        try {
            if (over || closed) {
                return false;
            }
            chunks.add(job);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next chunk, to be given back to {@link #done}; waits while one may still come back.
     *
     * @return null when everything is read or the queue is closed
     */
    @Nullable CopyChunk next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && chunks.isEmpty() && reading > 0) {
                changed.await();
            }
            if (closed) {
                return null;
            }
            if (chunks.isEmpty()) {
                over = true;
                return null;
            }
            reading++;
            return chunks.poll();
        } finally {
            lock.unlock();
        }
    }

    void done() {
        lock.lock();
        try {
            reading--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether everything was read. */
    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the time given, or until the queue is closed. */
    void pause(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
