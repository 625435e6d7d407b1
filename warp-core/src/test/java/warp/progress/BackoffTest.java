package warp.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import warp.progress.Backoff.Pause;

class BackoffTest {

    /** In the middle of what jitter allows. */
    private static final RandomGenerator NO_JITTER =
            new RandomGenerator() {
                @Override
                public long nextLong() {
                    return 0;
                }

                @Override
                public long nextLong(long origin, long bound) {
                    return 0;
                }
            };

    /** A clock that shows what has been waited. */
    private static List<Pause> pauses(Backoff backoff, Duration eachAttempt) {
        List<Pause> pauses = new ArrayList<>();
        long now = Long.MAX_VALUE - 1000; // nanoTime may be any number, and overflow
        Optional<Pause> pause = backoff.afterFailure(now);
        while (pause.isPresent()) {
            pauses.add(pause.get());
            now += pause.get().duration().plus(eachAttempt).toNanos();
            pause = backoff.afterFailure(now);
        }
        return pauses;
    }

    @Test
    void pauses_doubleUpToHalfAMinute_andEndWithTheTimeGiven() {
        List<Pause> pauses = pauses(new Backoff(Duration.ofMinutes(2), NO_JITTER), Duration.ZERO);
        assertThat(pauses.stream().map(pause -> pause.duration().toMillis()))
                .containsExactly(
                        500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L, 28_500L);
        assertThat(pauses.getFirst().left()).isEqualTo(Duration.ofMillis(119_500));
        assertThat(pauses.getLast().left()).isZero();
    }

    @Test
    void zero_isNever() {
        assertThat(new Backoff(Duration.ZERO, NO_JITTER).afterFailure(5)).isEmpty();
    }

    @Test
    void attemptsThatTakeLong_countToo() {
        List<Pause> pauses =
                pauses(new Backoff(Duration.ofMinutes(1), NO_JITTER), Duration.ofSeconds(20));
        assertThat(pauses).hasSize(3);
    }

    @Test
    void aSuccess_givesTheWholeTimeAgain() {
        Backoff backoff = new Backoff(Duration.ofSeconds(10), NO_JITTER);
        backoff.afterFailure(0);
        long late = Duration.ofSeconds(9).toNanos();
        backoff.afterFailure(late);
        backoff.succeeded();
        assertThat(backoff.afterFailure(Duration.ofSeconds(11).toNanos()))
                .contains(new Pause(Duration.ofMillis(500), Duration.ofMillis(9500)));
    }

    @Test
    void jitter_isAQuarterEachWay() {
        SplittableRandom random = new SplittableRandom(7);
        List<Long> firsts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            firsts.add(
                    new Backoff(Duration.ofMinutes(1), random)
                            .afterFailure(0)
                            .orElseThrow()
                            .duration()
                            .toMillis());
        }
        assertThat(firsts).allMatch(millis -> millis >= 375 && millis <= 625);
        assertThat(firsts).anyMatch(millis -> millis < 400).anyMatch(millis -> millis > 600);
    }
}
