package warp.copy.staging;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.progress.Progress;

/**
 * Keeps the files within a number of bytes: readers wait until writers have loaded some. For any
 * number of threads.
 *
 * <p><b>Nobody waits for ever.</b> Room comes only of files that are whole: they are loaded and
 * removed. Where there is none, because the limit is full of files that are still being written,
 * the reader that began first writes on past the limit, alone, so that one gets whole. That this is
 * rare, a file is only begun where what is expected of it and of those under way fits in, or where
 * there is no other. So the limit is passed at most by the part of one chunk that was not expected.
 */
public final class StagingSpace {

    private final long bytesMax;
    private final Progress progress;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Files that are being written, the oldest first. */
    private final List<Share> growing = new ArrayList<>();

    private long used;
    private int whole;

    /** What finished files took for what was expected of them. */
    private double expectedBytes;

    private double takenBytes;
    private boolean closed;

    /**
     * @param bytesMax {@link Long#MAX_VALUE} for no limit
     */
    StagingSpace(long bytesMax, Progress progress) {
        this.bytesMax = bytesMax;
        this.progress = progress;
        progress.stagedBytesMax.set(bytesMax);
        progress.stagedBytes.set(0);
    }

    /**
     * Begins a file; waits until there is room for it.
     *
     * @param sourceBytes what its rows take at the source
     */
    Share begin(long sourceBytes) {
        lock.lock();
        try {
            waitWhile(() -> !isFree(sourceBytes));
            Share share = new Share(sourceBytes);
            growing.add(share);
            return share;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFree(long sourceBytes) {
        double expected = used + sourceBytes * rate();
        for (Share share : growing) {
            expected += Math.max(share.sourceBytes * rate() - share.taken, 0);
        }
        return expected <= bytesMax || (growing.isEmpty() && whole == 0);
    }

    /** Bytes in a file for one at the source, as far as that is known. */
    private double rate() {
        return expectedBytes > 0 ? takenBytes / expectedBytes : 1;
    }

    private void waitWhile(BooleanSupplier condition) {
        boolean waits = false;
        try {
            while (!closed && condition.getAsBoolean()) {
                if (!waits) {
                    waits = true;
                    progress.readersWaiting.incrementAndGet();
                }
                changed.await();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            if (waits) {
                progress.readersWaiting.decrementAndGet();
            }
        }
        if (closed) {
            throw new WarpException(ErrorCode.INTERRUPTED, "the copy was stopped");
        }
    }

    /** A whole file that was there before. */
    void found(long bytes) {
        lock.lock();
        try {
            whole++;
            use(bytes);
        } finally {
            lock.unlock();
        }
    }

    /** A whole file is gone. */
    void free(long bytes) {
        lock.lock();
        try {
            whole--;
            use(-bytes);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void use(long bytes) {
        used += bytes;
        progress.stagedBytes.set(used);
    }

    /** Nobody waits any more: the copy ends. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What one file that is being written has taken. */
    final class Share {
        private final long sourceBytes;
        private long taken;

        private Share(long sourceBytes) {
            this.sourceBytes = sourceBytes;
        }

        /** Waits until so many bytes more may be written. */
        void take(long bytes) {
            lock.lock();
            try {
                waitWhile(() -> used + bytes > bytesMax && !isLastHope());
                taken += bytes;
                use(bytes);
            } finally {
                lock.unlock();
            }
        }

        private boolean isLastHope() {
            return whole == 0 && growing.getFirst() == this;
        }

        /** The file is whole. */
        long keep() {
            lock.lock();
            try {
                growing.remove(this);
                whole++;
                expectedBytes += sourceBytes;
                takenBytes += taken;
                long bytes = taken;
                taken = 0;
                changed.signalAll();
                return bytes;
            } finally {
                lock.unlock();
            }
        }

        /** The file was removed unfinished. */
        void giveUp() {
            lock.lock();
            try {
                growing.remove(this);
                use(-taken);
                taken = 0;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
