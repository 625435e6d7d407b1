package warp.migration;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets what is to be said of the destination's login wait until all is said of the source's, where
 * both are under way at once. For any thread.
 */
final class SourceFirst {

    /** Rather out of order than a login that is late because of it. */
    private static final Duration WAITS_MAX = Duration.ofSeconds(3);

    private volatile CountDownLatch source = new CountDownLatch(0);

    /** The source's login begins. */
    void begins() {
        source = new CountDownLatch(1);
    }

    /** The source's login is over, well or not. */
    void over() {
        source.countDown();
    }

    /** Waits for that. */
    void await() {
        try {
            // Whatever came of it, what is to be said is said.
            boolean _ = source.await(WAITS_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
