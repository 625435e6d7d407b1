package warp.protection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A number as it was over the last minutes. For one thread. */
final class Trend {

    private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();
    private static final long RATE_NANOS = Duration.ofMinutes(2).toNanos();

    /** Over less than this a rate says nothing. */
    private static final long RATE_NANOS_MIN = Duration.ofSeconds(2).toNanos();

    private record Sample(long nanos, long value) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    void add(long nowNanos, long value) {
        samples.addLast(new Sample(nowNanos, value));
        while (nowNanos - samples.getFirst().nanos() > KEPT_NANOS) {
            samples.removeFirst();
        }
    }

    /** Forgets what was before: it says nothing about what comes. */
    void clear() {
        samples.clear();
    }

    /** Whether enough is known to tell how it moves. */
    boolean isKnown() {
        return !samples.isEmpty()
                && samples.getLast().nanos() - samples.getFirst().nanos() >= RATE_NANOS_MIN;
    }

    /** How much it grows a second, by the last two minutes; 0 while too little is known. */
    double perSecond() {
        if (samples.isEmpty()) {
            return 0;
        }
        Sample last = samples.getLast();
        Sample first = since(last.nanos() - RATE_NANOS);
        long nanos = last.nanos() - first.nanos();
        return nanos < RATE_NANOS_MIN ? 0 : (double) (last.value() - first.value()) * 1e9 / nanos;
    }

    private Sample since(long nanos) {
        for (Sample sample : samples) {
            if (sample.nanos() - nanos >= 0) {
                return sample;
            }
        }
        return samples.getLast();
    }

    /** When it reaches {@code limit} if it goes on like this; empty where it does not grow. */
    Optional<Duration> timeUntil(long limit) {
        double rate = perSecond();
        if (rate < 1 || samples.isEmpty()) {
            return Optional.empty();
        }
        double seconds = Math.max(limit - samples.getLast().value(), 0) / rate;
        return Optional.of(Duration.ofMillis((long) (Math.min(seconds, 1e12) * 1000)));
    }

    /**
     * Whether it is less now than it was {@code span} ago; true as long as less than that is known.
     */
    boolean hasFallenWithin(Duration span) {
        if (samples.isEmpty()) {
            return true;
        }
        Sample last = samples.getLast();
        if (last.nanos() - samples.getFirst().nanos() < span.toNanos()) {
            return true;
        }
        return last.value() < before(last.nanos() - span.toNanos()).value();
    }

    private Sample before(long nanos) {
        Sample found = samples.getFirst();
        for (Sample sample : samples) {
            if (sample.nanos() - nanos > 0) {
                return found;
            }
            found = sample;
        }
        return found;
    }

    /**
     * For how long it has been above {@code value}, as far as is known: since the first sample of
     * those at the end that are all above it.
     */
    Duration above(long value) {
        long since = -1;
        for (Sample sample : samples.reversed()) {
            if (sample.value() <= value) {
                break;
            }
            since = sample.nanos();
        }
        return since < 0 ? Duration.ZERO : Duration.ofNanos(samples.getLast().nanos() - since);
    }
}
