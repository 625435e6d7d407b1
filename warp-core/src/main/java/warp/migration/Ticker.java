package warp.migration;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Does something every so often on a thread of its own, until closed. What it does must not throw.
 */
final class Ticker implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    Ticker(String name, Duration every, Runnable action) {
        this.thread =
                Thread.ofVirtual()
                        .name(name)
                        .start(() -> {
                            try {
                                while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                                    action.run();
                                }
                            } catch (InterruptedException stop) {
                                // Closing interrupts what takes too long.
                            }
                        });
    }

    /** Ends it; does not wait for more than a moment. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
