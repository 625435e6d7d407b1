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
 *
 * <p><b>What is large.</b> Workers may outnumber the large chunks that are copied at once: two of
 * those side by side cost servers that have no core for each up to a half more, while small tables
 * and index builds, which also wait for answers, commits and the disk, fill the time that a large
 * chunk leaves. So as long as many enough are under way, who asks gets a follow-up or what is
 * small, as ranked above; where there is neither, he waits until something ends. Whoever ends a
 * large chunk asks himself, so the next one is never late.
 */
final class JobQueue {

    private static final Comparator<RunFollowUp> HEAVIEST_FIRST =
            Comparator.comparingLong(RunFollowUp::weight).reversed();

    private static final Comparator<CopyChunk> CHUNKS_HEAVIEST_FIRST =
            Comparator.comparingLong(CopyChunk::weight)
                    .reversed()
                    .thenComparing(job -> job.chunk().table())
                    .thenComparingInt(job -> job.chunk().number());

    /** Together they are still small. */
    private static final long TOGETHER_BYTES_MAX = 1 << 20;

    private final int workers;
    private final int largeAtOnce;
    private final int togetherMax;
    private final int followUpsMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<CopyChunk> large = new PriorityQueue<>(CHUNKS_HEAVIEST_FIRST);
    private final PriorityQueue<CopyChunk> small = new PriorityQueue<>(CHUNKS_HEAVIEST_FIRST);
    private final PriorityQueue<RunFollowUp> followUps = new PriorityQueue<>(HEAVIEST_FIRST);
    private int copying;

    /** Those of them that are large. */
    private int copyingLarge;

    /** Chunks whose rows are still to be read into files. */
    private int expected;

    private int following;
    private boolean closed;

    /**
     * @param largeAtOnce how many large chunks may be under way at once, from 1
     * @param togetherMax how many small tables may be given out as one job
     */
    JobQueue(int workers, int largeAtOnce, int togetherMax) {
        if (largeAtOnce < 1) {
            throw new IllegalArgumentException("nobody may copy what is large");
        }
        this.workers = workers;
        this.largeAtOnce = largeAtOnce;
        this.togetherMax = togetherMax;
        this.followUpsMax = workers / 2;
    }

    void addChunks(Collection<CopyChunk> jobs) {
        lock.lock();
        try {
            jobs.forEach(this::add);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void add(CopyChunk job) {
        (job.isLarge() ? large : small).add(job);
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
            add(job);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A chunk that was given out is to come once more. */
    void expectAgain(CopyChunk job) {
        lock.lock();
        try {
            copied(job);
            expected++;
            changed.signalAll(); // Another large one may be begun.
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
                if (job != null || closed || isOver()) {
                    return job;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        boolean nothing = large.isEmpty() && small.isEmpty() && followUps.isEmpty();
        return nothing && copying == 0 && expected == 0;
    }

    private @Nullable CopyJob poll() {
        RunFollowUp followUp = followUps.peek();
        CopyChunk chunk = nextChunk();
        if (followUp != null && mayPrecede(followUp, chunk)) {
            following++;
            return followUps.poll();
        }
        if (chunk == null) {
            return null;
        }
        copying++;
        if (chunk.isLarge()) {
            copyingLarge++;
            return large.remove();
        }
        return together(small.remove());
    }

    /** The heaviest chunk that may be begun now; null where there is none. */
    private @Nullable CopyChunk nextChunk() {
        CopyChunk one = copyingLarge < largeAtOnce ? large.peek() : null;
        CopyChunk other = small.peek();
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return CHUNKS_HEAVIEST_FIRST.compare(one, other) <= 0 ? one : other;
    }

    /** With those that come next, as long as that leaves enough for the other workers. */
    private CopyJob together(CopyChunk first) {
        int most = Math.min(togetherMax, small.size() / (2 * workers));
        if (most < 2 || !TogetherCopy.suits(first)) {
            return first;
        }
        List<CopyChunk> some = new ArrayList<>(List.of(first));
        long bytes = first.chunk().bytesEstimated();
        CopyChunk next = small.peek();
        while (next != null && some.size() < most && TogetherCopy.suits(next)) {
            bytes += next.chunk().bytesEstimated();
            if (bytes > TOGETHER_BYTES_MAX) {
                break;
            }
            some.add(small.remove());
            next = small.peek();
        }
        return some.size() == 1 ? first : new CopyTogether(List.copyOf(some));
    }

    /**
     * @param chunk that would be begun instead. Where none may be, though large ones wait, as many
     *     workers as may copy those do so now, and come back for the next: nobody else is kept from
     *     it
     */
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
                case CopyChunk chunk -> copied(chunk);
                case CopyTogether _ -> copying--;
                case RunFollowUp _ -> following--;
            }
            followUps.addAll(released);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void copied(CopyChunk job) {
        copying--;
        if (job.isLarge()) {
            copyingLarge--;
        }
    }

    /** Whether chunks wait, or are still to come. */
    boolean hasChunks() {
        lock.lock();
        try {
            return !large.isEmpty() || !small.isEmpty() || expected > 0;
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
