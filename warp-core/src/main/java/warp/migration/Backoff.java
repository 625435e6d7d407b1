package warp.migration;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt: doubling from half a second to half a minute, with
 * jitter so that many migrations do not come back at the same moment; until five minutes have
 * passed without a success. For one thread.
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Duration next = FIRST;
    private long failingSinceNanos;
    private boolean failing;

    /** An attempt worked: the next failure starts anew. */
    void succeeded() {
        failing = false;
        next = FIRST;
    }

    /** Whether, after a failure now, another attempt is worth it. */
    boolean worthTrying(long nowNanos) {
        if (!failing) {
            failing = true;
            failingSinceNanos = nowNanos;
        }
        return nowNanos - failingSinceNanos < PATIENCE.toNanos();
    }

    /** The wait before the next attempt; each call gives a longer one. */
    Duration next() {
        Duration base = next;
        next = base.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : base.multipliedBy(2);
        long jitter = ThreadLocalRandom.current().nextLong(base.toMillis() / 4 + 1);
        return base.plusMillis(jitter);
    }
}
