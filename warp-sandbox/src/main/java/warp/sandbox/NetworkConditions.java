package warp.sandbox;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import warp.sandbox.NetworkProxy.Direction;

/**
 * How a {@link NetworkProxy} treats what passes: one set of conditions for all its connections. Any
 * thread may use it.
 */
final class NetworkConditions {

    /** Without a limit; far enough from the end of the range to reckon with. */
    private static final long UNLIMITED = Long.MAX_VALUE;

    /** A link that was idle does not save up its rate. */
    private static final long SAVED_NANOS_MAX = Duration.ofMillis(2).toNanos();

    private static final class Way {
        private long freeAtNanos = System.nanoTime();
        private long passed;
        private long resetAt = UNLIMITED;
        private boolean silent;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Direction, Way> ways = new EnumMap<>(Direction.class);
    private long delayNanos;
    private long bytesPerSecond = UNLIMITED;
    private final AtomicLong questions = new AtomicLong();

    NetworkConditions() {
        for (Direction direction : Direction.values()) {
            ways.put(direction, new Way());
        }
    }

    private Way way(Direction direction) {
        Way way = ways.get(direction);
        if (way == null) {
            throw new IllegalStateException("no way " + direction);
        }
        return way;
    }

    /** A client sends something after the server has, or as the first of both. */
    void asked() {
        questions.incrementAndGet();
    }

    long questions() {
        return questions.get();
    }

    void delay(Duration oneWay) {
        if (oneWay.isNegative()) {
            throw new IllegalArgumentException("a delay of " + oneWay);
        }
        locked(() -> delayNanos = oneWay.toNanos());
    }

    void throttle(long rate) {
        if (rate < 1) {
            throw new IllegalArgumentException("a rate of " + rate);
        }
        locked(() -> bytesPerSecond = rate);
    }

    void silent(boolean now) {
        locked(() -> ways.values().forEach(way -> way.silent = now));
    }

    void silent(Direction direction) {
        locked(() -> way(direction).silent = true);
    }

    void resetAfter(Direction direction, long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a reset after " + bytes);
        }
        locked(() -> way(direction).resetAt = way(direction).passed + bytes);
    }

    void calm() {
        locked(() -> {
            delayNanos = 0;
            bytesPerSecond = UNLIMITED;
            ways.values()
                    .forEach(way -> {
                        way.resetAt = UNLIMITED;
                        way.silent = false;
                    });
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long passed(Direction direction) {
        lock.lock();
        try {
            return way(direction).passed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until bytes that were read at a moment may go out: after the delay, when the link is
     * free, and not while the network is silent.
     *
     * @return how many of them go out before the connection is to be reset; all of them unless a
     *     reset was asked for
     */
    int awaitTurn(Direction direction, int bytes, long readAtNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Way way = way(direction);
            long dueNanos = readAtNanos + delayNanos;
            if (bytesPerSecond != UNLIMITED) {
                long earliest = Math.max(dueNanos, System.nanoTime() - SAVED_NANOS_MAX);
                way.freeAtNanos = Math.max(way.freeAtNanos, earliest) + nanosFor(bytes);
                dueNanos = way.freeAtNanos;
            }
            awaitMoment(way, dueNanos);
            return allowed(way, bytes);
        } finally {
            lock.unlock();
        }
    }

    private long nanosFor(int bytes) {
        return (long) (bytes * 1e9 / bytesPerSecond);
    }

    private void awaitMoment(Way way, long dueNanos) throws InterruptedException {
        while (true) {
            long left = dueNanos - System.nanoTime();
            if (way.silent) {
                changed.await();
            } else if (left > 0) {
                changed.awaitNanos(left);
            } else {
                return;
            }
        }
    }

    /** Waits until a direction is not silent: the end of a connection is not heard either. */
    void awaitSpeech(Direction direction) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitMoment(way(direction), System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    private static int allowed(Way way, int bytes) {
        long left = way.resetAt - way.passed;
        if (left > bytes) {
            way.passed += bytes;
            return bytes;
        }
        way.resetAt = UNLIMITED;
        way.passed += left - 1;
        return (int) left - 1;
    }
}
