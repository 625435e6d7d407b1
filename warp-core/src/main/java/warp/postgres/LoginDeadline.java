package warp.postgres;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a login that takes too long, whatever it waits for: the connection, the TLS handshake, a
 * server that says nothing or one that says too little. A time-out of single reads would not do.
 */
final class LoginDeadline implements AutoCloseable {

    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean decided = new AtomicBoolean();

    private LoginDeadline() {}

    /**
     * Watches a login until {@link #close}.
     *
     * @param limit zero for none
     */
    static LoginDeadline start(SocketCapture login, Duration limit) {
        LoginDeadline deadline = new LoginDeadline();
        if (limit.isPositive()) {
            Thread.ofVirtual()
                    .name("login deadline")
                    .start(() -> deadline.watch(login, limit.toMillis()));
        }
        return deadline;
    }

    private void watch(SocketCapture login, long millis) {
        try {
            if (!ended.await(millis, TimeUnit.MILLISECONDS) && decided.compareAndSet(false, true)) {
                login.abort();
            }
        } catch (InterruptedException ignored) {
            // Nobody has this thread to interrupt it.
        }
    }

    /** Whether the login was in time; from then on it is left alone. */
    boolean met() {
        return decided.compareAndSet(false, true);
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
