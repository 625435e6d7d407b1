package warp.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Holds up what loads the source, while there is a reason to. Whoever watches the source sets and
 * takes back the reason; whoever reads from it waits here. For any number of threads.
 */
public final class Throttle {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long BURST_NANOS = SECOND / 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable String reason;
    private boolean readingGoesOn;
    private long sinceNanos;
    private long bytesPerSecond;

    /** From when on the next bytes may pass, with a rate. */
    private long freeNanos;

    /**
     * Holds up everything from now on, or goes on holding it up for another reason.
     *
     * @param why for people: {@code 53 sessions are active}
     * @param notReading whether changes go on being read, as the slot must not hold back more log
     */
    public void hold(String why, boolean notReading, long nowNanos) {
        lock.lock();
        try {
            if (reason == null) {
                sinceNanos = nowNanos;
            }
            reason = why;
            readingGoesOn = notReading;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets everything go on; tells for how long it was held up. */
    public Duration release(long nowNanos) {
        lock.lock();
        try {
            Duration held =
                    reason == null ? Duration.ZERO : Duration.ofNanos(nowNanos - sinceNanos);
            reason = null;
            changed.signalAll();
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** Lets no more than this be copied in a second; 0 for any amount. */
    public void limit(long mostPerSecond) {
        lock.lock();
        try {
            bytesPerSecond = mostPerSecond;
            freeNanos = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Why what is read is held up, and for how long; empty while it is not. */
    public Optional<Held> held(long nowNanos) {
        lock.lock();
        try {
            return reason == null
                    ? Optional.empty()
                    : Optional.of(
                            new Held(
                                    reason,
                                    Duration.ofNanos(Math.max(nowNanos - sinceNanos, 0)),
                                    readingGoesOn));
        } finally {
            lock.unlock();
        }
    }

    /**
     * What holds up.
     *
     * @param reading whether changes are read all the same
     */
    public record Held(String reason, Duration time, boolean reading) {}

    /** Waits while changes must not be read. */
    public void awaitReading() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (reason != null && !readingGoesOn) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A gate for one copy, which may end before the reason does. */
    public Gate gate() {
        return new Gate();
    }

    /** Where the workers of one copy are held up. */
    public final class Gate {

        private boolean open;

        private Gate() {}

        /**
         * Waits until these bytes may have passed. An interruption ends the waiting and stays set:
         * the copy is about to end.
         */
        public void passed(int bytes) {
            lock.lock();
            try {
                long until = System.nanoTime() + reserve(bytes);
                while (!open && reason != null) {
                    changed.await();
                }
                long left = until - System.nanoTime();
                while (!open && left > 0) {
                    left = changed.awaitNanos(left);
                }
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        }

        /** How long these bytes must wait; what was not used lately may be caught up a little. */
        private long reserve(int bytes) {
            if (bytesPerSecond <= 0) {
                return 0;
            }
            long now = System.nanoTime();
            if (freeNanos - (now - BURST_NANOS) < 0) {
                freeNanos = now - BURST_NANOS;
            }
            freeNanos += (long) ((double) bytes / bytesPerSecond * SECOND);
            return freeNanos - now;
        }

        /** Holds up nobody any more. */
        public void end() {
            lock.lock();
            try {
                open = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
