package warp.copy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import warp.copy.CopyJob.CopyChunk;
import warp.copy.CopyJob.CopyTogether;
import warp.copy.CopyJob.RunFollowUp;

/**
 * What is left to do; workers pull from it. For any number of threads.
 *
 * <p><b>The order.</b> The whole ends when its longest chain of jobs ends, and the longest chain is
 * that of the largest table: its chunks, then its index builds, which cannot begin before its last
 * chunk is there and cannot be cut. So a job is ranked by the work that hangs on it (list
 * scheduling by critical path): a chunk by its own bytes and those of its table, a follow-up by the
 * bytes of its table. The chunks of the largest table go first, its indexes are built while smaller
 * tables are copied, and what is small fills the gaps at the end: some of it at once.
 *
 * <p><b>The limit.</b> While chunks wait, follow-ups take no more than half of the workers (a
 * single worker copies first): every chunk that waits prolongs the life of the source's snapshot,
 * which keeps its vacuum from cleaning up. The same while chunks are still being read into files:
 * whoever reads may be waiting for room there.
 */
final class JobQueue {

    private static final Comparator<CopyJob> HEAVIEST_FIRST =
            Comparator.comparingLong(CopyJob::weight).reversed();

    /** Together they are still small. */
    private static final long TOGETHER_BYTES_MAX = 1 << 20;

    private final int workers;
    private final int togetherMax;
    private final int followUpsMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<CopyChunk> chunks =
            new PriorityQueue<>(
                    HEAVIEST_FIRST
                            .thenComparing(job -> ((CopyChunk) job).chunk().table())
                            .thenComparingInt(job -> ((CopyChunk) job).chunk().number()));
    private final PriorityQueue<RunFollowUp> followUps = new PriorityQueue<>(HEAVIEST_FIRST);
    private int copying;

    /** Chunks whose rows are still to be read into files. */
    private int expected;

    private int following;
    private boolean closed;

    /**
     * @param togetherMax how many small tables may be given out as one job
     */
    JobQueue(int workers, int togetherMax) {
        this.workers = workers;
        this.togetherMax = togetherMax;
        this.followUpsMax = workers / 2;
    }

    void addChunks(Collection<CopyChunk> jobs) {
        lock.lock();
        try {
            chunks.addAll(jobs);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** So many chunks will come by {@link #arrived}, one by one. */
    void expect(int count) {
        lock.lock();
        try {
            expected += count;
        } finally {
            lock.unlock();
        }
    }

    /** A chunk that was expected can be loaded. */
    void arrived(CopyChunk job) {
        lock.lock();
        try {
            expected--;
            chunks.add(job);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A chunk that was given out is to come once more. */
    void expectAgain() {
        lock.lock();
        try {
            copying--;
            expected++;
        } finally {
            lock.unlock();
        }
    }

    /** A chunk that was expected will not come. */
    void forgetExpected() {
        lock.lock();
        try {
            expected--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void addFollowUps(Collection<RunFollowUp> jobs) {
        lock.lock();
        try {
            followUps.addAll(jobs);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next job; waits where there is none yet but one may come of what other workers do. Each
     * job got must be given back to {@link #done}.
     *
     * @return null when everything is done or the queue is closed
     */
    @Nullable CopyJob next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                CopyJob job = closed ? null : poll();
                boolean none =
                        chunks.isEmpty() && followUps.isEmpty() && copying == 0 && expected == 0;
                if (job != null || closed || none) {
                    return job;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable CopyJob poll() {
        RunFollowUp followUp = followUps.peek();
        CopyChunk chunk = chunks.peek();
        if (followUp != null && mayPrecede(followUp, chunk)) {
            following++;
            return followUps.poll();
        }
        if (chunk != null) {
            copying++;
            return together(chunks.remove());
        }
        return null;
    }

    /** With those that come next, as long as that leaves enough for the other workers. */
    private CopyJob together(CopyChunk first) {
        int most = Math.min(togetherMax, chunks.size() / (2 * workers));
        if (most < 2 || !TogetherCopy.suits(first)) {
            return first;
        }
        List<CopyChunk> some = new ArrayList<>(List.of(first));
        long bytes = first.chunk().bytesEstimated();
        CopyChunk next = chunks.peek();
        while (next != null && some.size() < most && TogetherCopy.suits(next)) {
            bytes += next.chunk().bytesEstimated();
            if (bytes > TOGETHER_BYTES_MAX) {
                break;
            }
            some.add(chunks.remove());
            next = chunks.peek();
        }
        return some.size() == 1 ? first : new CopyTogether(List.copyOf(some));
    }

    private boolean mayPrecede(RunFollowUp followUp, @Nullable CopyChunk chunk) {
        if (chunk == null && expected == 0) {
            return true;
        }
        boolean heavier = chunk == null || followUp.weight() >= chunk.weight();
        return following < followUpsMax && heavier;
    }

    /**
     * A job has ended well.
     *
     * @param released what may be done now because of it
     */
    void done(CopyJob job, List<RunFollowUp> released) {
        lock.lock();
        try {
            switch (job) {
                case CopyChunk _, CopyTogether _ -> copying--;
                case RunFollowUp _ -> following--;
            }
            followUps.addAll(released);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether chunks wait, or are still to come. */
    boolean hasChunks() {
        lock.lock();
        try {
            return !chunks.isEmpty() || expected > 0;
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

    /** No job is given out any more. */
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
