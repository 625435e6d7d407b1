package warp.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When to try again after a failure: doubling from half a second to half a minute, a quarter more
 * or less, so that many migrations do not come back at the same moment; until a given time has
 * passed without a success. The last attempt comes at the end of that time, never long before it.
 *
 * <p>Pure: the caller brings time and randomness. For one thread.
 */
public final class Backoff {

    static final Duration FIRST = Duration.ofMillis(500);
    static final Duration LONGEST = Duration.ofSeconds(30);

    private final Duration atMost;
    private final RandomGenerator random;
    private Duration next = FIRST;
    private long failingSinceNanos;
    private boolean failing;

    /**
     * @param atMost how long to go on trying from the first failure on; zero for not at all
     */
    public Backoff(Duration atMost, RandomGenerator random) {
        this.atMost = atMost;
        this.random = random;
    }

    /**
     * What to do after a failure.
     *
     * @param duration before the next attempt
     * @param left for further attempts, once that has passed
     */
    public record Pause(Duration duration, Duration left) {}

    /** An attempt worked: the next failure starts anew. */
    public void succeeded() {
        failing = false;
        next = FIRST;
    }

    /** How long it has failed; zero where the last attempt worked. */
    public Duration failingFor(long nowNanos) {
        return failing ? Duration.ofNanos(nowNanos - failingSinceNanos) : Duration.ZERO;
    }

    /** The pause after a failure at this moment; empty where the time is up. */
    public Optional<Pause> afterFailure(long nowNanos) {
        if (!failing) {
            failing = true;
            failingSinceNanos = nowNanos;
        }
        Duration left = atMost.minus(failingFor(nowNanos));
        if (!left.isPositive()) {
            return Optional.empty();
        }
        Duration wait = shorter(varied(next), left);
        next = shorter(next.multipliedBy(2), LONGEST);
        return Optional.of(new Pause(wait, left.minus(wait)));
    }

    private Duration varied(Duration base) {
        long quarter = base.toMillis() / 4;
        return base.plusMillis(random.nextLong(-quarter, quarter + 1));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
