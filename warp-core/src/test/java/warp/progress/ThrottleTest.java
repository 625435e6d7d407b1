package warp.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.progress.Throttle.Gate;

@Timeout(30)
class ThrottleTest {

    private final Throttle throttle = new Throttle();

    private static Thread started(Runnable work) {
        return Thread.ofVirtual().start(work);
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void withoutReason_nobodyWaits() throws InterruptedException {
        throttle.gate().passed(1 << 30);
        throttle.awaitReading();
        assertThat(throttle.held(5)).isEmpty();
    }

    @Test
    void reason_holdsWorkersAndReaderUntilItIsTakenBack() throws InterruptedException {
        throttle.hold("busy", false, 1_000_000_000L);
        Gate gate = throttle.gate();
        List<Thread> waiting = new ArrayList<>();
        waiting.add(started(() -> gate.passed(1)));
        waiting.add(started(() -> gate.passed(1)));
        waiting.add(
                started(() -> {
                    try {
                        throttle.awaitReading();
                    } catch (InterruptedException unexpected) {
                        throw new AssertionError(unexpected);
                    }
                }));
        waiting.forEach(ThrottleTest::awaitWaiting);
        throttle.hold("busier", false, 2_000_000_000L);
        assertThat(throttle.held(4_000_000_000L))
                .contains(new Throttle.Held("busier", Duration.ofSeconds(3), false));
        waiting.forEach(ThrottleTest::awaitWaiting);

        assertThat(throttle.release(5_000_000_000L)).isEqualTo(Duration.ofSeconds(4));

        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(throttle.held(6_000_000_000L)).isEmpty();
    }

    @Test
    void endOfACopy_letsItsWorkersGoThoughTheReasonLasts() throws InterruptedException {
        throttle.hold("busy", false, 0);
        Gate ending = throttle.gate();
        Gate other = throttle.gate();
        Thread let = started(() -> ending.passed(1));
        Thread held = started(() -> other.passed(1));
        awaitWaiting(let);
        awaitWaiting(held);
        ending.end();
        let.join();
        awaitWaiting(held);
        other.end();
        held.join();
    }

    @Test
    void interruption_endsTheWaitAndStaysSet() throws InterruptedException {
        throttle.hold("busy", false, 0);
        CountDownLatch seen = new CountDownLatch(1);
        Thread thread =
                started(() -> {
                    throttle.gate().passed(1);
                    if (Thread.currentThread().isInterrupted()) {
                        seen.countDown();
                    }
                });
        awaitWaiting(thread);
        thread.interrupt();
        assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void slotNearItsLimit_isReadHoweverBusyTheSourceIs() throws InterruptedException {
        throttle.hold("busy", true, 0);
        throttle.awaitReading();
        assertThat(throttle.held(1).orElseThrow().reading()).isTrue();
    }

    @Test
    void rate_isKeptByAllWorkersTogether() throws InterruptedException {
        throttle.limit(1_000_000);
        Gate gate = throttle.gate();
        long start = System.nanoTime();
        Runnable work =
                () -> {
                    for (int i = 0; i < 50; i++) {
                        gate.passed(10_000);
                    }
                };
        Thread one = started(work);
        Thread two = started(work);
        one.join();
        two.join();
        // A million bytes, of which a quarter second's worth may be a burst.
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(700));
    }

    @Test
    void endOfACopy_doesNotWaitForTheRate() throws InterruptedException {
        throttle.limit(1);
        Gate gate = throttle.gate();
        Thread thread = started(() -> gate.passed(1 << 20));
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        gate.end();
        thread.join();
    }
}
