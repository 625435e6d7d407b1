package warp.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warp.error.ErrorCode;
import warp.error.ErrorCode.Retry;
import warp.error.WarpException;
import warp.model.Side;

class PatienceTest {

    private final AtomicLong now = new AtomicLong();
    private final List<String> warnings = new ArrayList<>();

    private final EventLog log =
            new EventLog() {
                @Override
                public void info(String line) {}

                @Override
                public void warn(String line, List<String> hints) {
                    warnings.add(line + " " + hints);
                }

                @Override
                public void detail(String line) {}

                @Override
                public void trace(String line, Throwable problem) {}

                @Override
                public void error(String line, List<String> hints) {}
            };

    private Patience patience(@Nullable Duration asked) {
        return new Patience(
                asked,
                log,
                wait -> {
                    now.addAndGet(wait.toNanos());
                    return true;
                },
                now::get,
                new SplittableRandom(1));
    }

    private static WarpException lost() {
        return new WarpException(ErrorCode.CONNECTION, "the connection was lost")
                .at(Side.DESTINATION)
                .sqlState("57P01")
                .hint("look there");
    }

    @Test
    void aPassingFailure_isToldWithSideNextMomentAndWhatIsLeft_andTriedAgain() throws Exception {
        Patience patience = patience(Duration.ofMinutes(5));
        AtomicInteger calls = new AtomicInteger();
        String result =
                patience.trying(() -> {
                    if (calls.incrementAndGet() < 3) {
                        throw lost();
                    }
                    return "done";
                });
        assertThat(result).isEqualTo("done");
        assertThat(calls).hasValue(3);
        assertThat(warnings).hasSize(2);
        assertThat(warnings.getFirst())
                .matches(
                        "destination: the connection was lost \\(SQLSTATE 57P01\\);"
                                + " trying again in 0\\.\\d s, then for up to 4 min 59 s"
                                + " \\[look there]");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void whetherItHelps_isSaidByTheCodeAlone(ErrorCode code) throws Exception {
        Patience.Attempts attempts = patience(Duration.ofMinutes(5)).attempts();
        WarpException problem = new WarpException(code, "so it is");
        if (code.retry() == Retry.LATER) {
            assertThat(attempts.again(problem)).isTrue();
        } else {
            assertThatThrownBy(() -> attempts.again(problem)).isSameAs(problem);
            assertThat(warnings).isEmpty();
        }
    }

    @Test
    void whenTheTimeIsUp_itIsGivenUpForEverybody() throws Exception {
        Patience patience = patience(Duration.ofSeconds(20));
        assertThatThrownBy(() ->
                        patience.trying(() -> {
                            throw lost();
                        }))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem -> {
                            assertThat(problem.isGivenUp()).isTrue();
                            assertThat(problem.hints().toString())
                                    .contains("look there")
                                    .contains("Tried for 20 s (--retry-for)")
                                    .contains("the same command goes on");
                            assertThatThrownBy(() -> patience.attempts().again(problem))
                                    .isSameAs(problem);
                        });
        assertThat(Duration.ofNanos(now.get())).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void zero_isNever_andSaysHow() {
        assertThatThrownBy(() -> patience(Duration.ZERO).attempts().again(lost()))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem ->
                                assertThat(problem.hints().toString()).contains("--retry-for=5m"));
        assertThat(warnings).isEmpty();
    }

    @Test
    void aServerThatNeverAnswered_isWaitedForOnlyIfAsked() throws Exception {
        WarpException unknown =
                new WarpException(ErrorCode.CONNECTION, "nothing listens there").at(Side.SOURCE);
        Patience usual = patience(null);
        assertThatThrownBy(() -> usual.attempts().again(unknown))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem ->
                                assertThat(problem.hints().toString()).contains("--retry-for=5m"));
        assertThat(usual.attempts().again(lost())).as("it answered").isTrue();
        assertThat(patience(Duration.ofMinutes(1)).attempts().again(unknown)).isTrue();
        usual.met();
        assertThat(usual.attempts().again(unknown)).isTrue();
    }

    @Test
    void severalThatFailTogether_makeOnePause_toldOfOnce() {
        Patience.Attempts attempts = patience(Duration.ofMinutes(5)).attempts();
        Duration first = attempts.pauseAfter(lost());
        now.addAndGet(Duration.ofMillis(100).toNanos());
        Duration second = attempts.pauseAfter(lost());
        assertThat(second).isEqualTo(first.minusMillis(100));
        assertThat(warnings).hasSize(1);
        now.addAndGet(second.toNanos());
        attempts.pauseAfter(lost());
        assertThat(warnings).hasSize(2);
    }

    @Test
    void aStop_endsThePauseAtOnce() throws Exception {
        StopSignal stop = new StopSignal();
        Patience patience = new Patience(Duration.ofMinutes(5), log, stop);
        stop.request(warp.error.ExitCode.TERMINATED);
        assertThat(patience.attempts().again(lost())).isFalse();
        assertThatThrownBy(() ->
                        patience.trying(() -> {
                            throw lost();
                        }))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.INTERRUPTED));
    }

    @Test
    void times_areSpokenAsPeopleDo() {
        assertThat(Patience.spoken(Duration.ofMillis(512))).isEqualTo("0.5 s");
        assertThat(Patience.spoken(Duration.ofSeconds(59))).isEqualTo("59 s");
        assertThat(Patience.spoken(Duration.ofMinutes(5))).isEqualTo("5 min");
        assertThat(Patience.spoken(Duration.ofSeconds(135))).isEqualTo("2 min 15 s");
    }
}
