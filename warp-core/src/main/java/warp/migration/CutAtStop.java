package warp.migration;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import warp.postgres.Session;
import warp.progress.StopSignal;

/**
 * Cuts what is under way when a stop was requested and it has not ended by itself soon after: a
 * statement may wait for somebody else's lock, a login for a server that does not answer. Cuts
 * again until closed, as the next statement may wait as well.
 */
final class CutAtStop implements AutoCloseable {

    private final StopSignal stop;
    private final Duration grace;
    private final Runnable cut;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Runnable begin = this::begin;

    /**
     * @param grace how long to let it end by itself, and how long between cuts
     * @param cut may block; must not throw
     */
    CutAtStop(StopSignal stop, Duration grace, Runnable cut) {
        this.stop = stop;
        this.grace = grace;
        this.cut = cut;
        stop.onStop(begin);
    }

    /** Cuts both. */
    static CutAtStop both(StopSignal stop, Duration grace, Session source, Session destination) {
        return new CutAtStop(
                stop,
                grace,
                () -> {
                    source.abort();
                    destination.abort();
                });
    }

    private void begin() {
        Thread.ofVirtual()
                .name("cut-at-stop")
                .start(() -> {
                    try {
                        while (!over.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                            cut.run();
                        }
                    } catch (InterruptedException unexpected) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /** It has ended: nothing is cut any more. */
    @Override
    public void close() {
        stop.forget(begin);
        over.countDown();
    }
}
