package warp.protection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import warp.config.ByteSize;

class WalLimitTest {

    private final WalLimit limit = new WalLimit(ByteSize.megabytes(100), Duration.ofSeconds(60));

    private boolean ends(long second, States state) {
        return limit.exceeded(States.seconds(second), state.state()).isPresent();
    }

    @Test
    void slotThatNobodyReads_endsAtOnceWhereItPassesTheLimit() {
        assertThat(ends(0, States.CALM)).isFalse();
        assertThat(ends(1, States.CALM.holding(100))).isFalse();
        assertThat(limit.exceeded(States.seconds(2), States.CALM.holding(101).state()))
                .contains(ByteSize.megabytes(101));
    }

    @Test
    void slotThatIsReadAndShrinks_goesOnBeyondTheLimit() {
        States old = States.CALM.holding(5000);
        for (int second = 0; second < 600; second++) {
            assertThat(ends(second, old.read(second * 8L))).as("second " + second).isFalse();
        }
    }

    @Test
    void slotThatIsReadAndDoesNotShrink_endsOnceThatIsKnown() {
        for (int second = 0; second < 60; second++) {
            assertThat(ends(second, States.CALM.holding(5000).read(10))).isFalse();
        }
        assertThat(ends(60, States.CALM.holding(5000).read(10))).isTrue();
    }

    @Test
    void slotThatShrankForAWhile_endsWhereItGrowsAgain() {
        int second = 0;
        for (; second < 120; second++) {
            assertThat(ends(second, States.CALM.holding(5000).read(second * 10L))).isFalse();
        }
        int began = second;
        while (!ends(second, States.CALM.holding(5000 + second - began).read(1190))) {
            second++;
        }
        assertThat(second - began).isBetween(50, 62);
    }

    @Test
    void growthUpToTheLimitWhileItIsRead_endsThere() {
        for (int second = 0; second <= 100; second++) {
            assertThat(ends(second, States.CALM.holding(second).read(0))).isFalse();
        }
        assertThat(ends(101, States.CALM.holding(101).read(0))).isTrue();
    }

    @Test
    void runThatBeginsBeyondTheLimit_hasAMinuteToBeginReading() {
        for (int second = 0; second < 60; second++) {
            assertThat(ends(second, States.CALM.holding(5000))).isFalse();
        }
        assertThat(ends(60, States.CALM.holding(5000))).isTrue();
    }

    @Test
    void readerThatHasLeft_isWaitedForAMinute() {
        assertThat(ends(0, States.CALM.holding(50).read(0))).isFalse();
        assertThat(ends(30, States.CALM.holding(101))).isFalse();
        assertThat(ends(61, States.CALM.holding(101))).isTrue();
    }

    @Test
    void slotThatIsNotThere_neverEnds() {
        var without =
                new SourceState(
                        States.CALM.state().position(),
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        0,
                        1,
                        new SourceState.Room(10, 0),
                        new SourceState.Room(10, 0));
        assertThat(limit.exceeded(0, without)).isEmpty();
    }
}
