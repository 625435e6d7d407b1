package warp.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.model.Side;

@Timeout(60)
class ChecksTest {

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    @Test
    void whatEndsLast_isToldInItsPlace() {
        CountDownLatch second = new CountDownLatch(1);
        try (Checks checks = new Checks()) {
            checks.begin(found -> {
                await(second);
                found.warning(Side.SOURCE, "one");
            });
            checks.begin(found -> {
                found.warning(Side.SOURCE, "two");
                second.countDown();
            });

            assertThat(checks.end()).extracting(Finding::message).containsExactly("one", "two");
        }
    }

    @Test
    void ofSeveralThatFail_theFirstIsTold_whenAllHaveEnded() {
        CountDownLatch second = new CountDownLatch(1);
        AtomicBoolean third = new AtomicBoolean();
        try (Checks checks = new Checks()) {
            checks.begin(found -> {
                await(second);
                throw new IllegalStateException("one");
            });
            var failing =
                    checks.ask(found -> {
                        second.countDown();
                        throw new IllegalStateException("two");
                    });
            checks.begin(found -> third.set(true));

            assertThatThrownBy(() -> checks.await(failing)).hasMessage("one");
            assertThat(third).isTrue();
        }
    }

    @Test
    void interruption_endsWhatTheyWaitFor_andIsKept() {
        CountDownLatch never = new CountDownLatch(1);
        try (Checks checks = new Checks()) {
            checks.begin(found -> await(never));
            Thread.currentThread().interrupt();

            assertThatThrownBy(checks::end).hasMessage("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void answer_isHadWhileOthersGoOn() {
        CountDownLatch answered = new CountDownLatch(1);
        try (Checks checks = new Checks()) {
            checks.begin(found -> await(answered));

            int answer = checks.await(checks.ask(found -> 1));
            assertThat(answer).isEqualTo(1);

            answered.countDown();
            assertThat(checks.end()).isEmpty();
        }
    }
}
