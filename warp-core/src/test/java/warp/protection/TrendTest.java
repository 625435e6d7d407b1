package warp.protection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrendTest {

    private final Trend trend = new Trend();

    private void add(long second, long value) {
        trend.add(States.seconds(second), value);
    }

    @Test
    void rate_isThatOfTheLastTwoMinutes() {
        add(0, 0);
        add(600, 1_000_000);
        add(660, 1_000_600);
        add(720, 1_001_200);
        assertThat(trend.perSecond()).isEqualTo(10);
    }

    @Test
    void oneLook_saysNothing() {
        assertThat(trend.perSecond()).isZero();
        add(0, 100);
        assertThat(trend.perSecond()).isZero();
        assertThat(trend.timeUntil(1000)).isEmpty();
        assertThat(trend.hasFallenWithin(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void timeLeft_followsFromTheRate() {
        add(0, 1000);
        add(10, 2000);
        assertThat(trend.timeUntil(5000)).contains(Duration.ofSeconds(30));
        assertThat(trend.timeUntil(500)).contains(Duration.ZERO);
        add(20, 1000);
        assertThat(trend.timeUntil(5000)).isEmpty();
    }

    @Test
    void above_isSinceItPassedTheValueLast() {
        add(0, 10);
        add(1, 30);
        add(2, 10);
        add(3, 20);
        add(7, 25);
        assertThat(trend.above(15)).isEqualTo(Duration.ofSeconds(4));
        assertThat(trend.above(25)).isEqualTo(Duration.ZERO);
        assertThat(trend.above(5)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void clear_forgets() {
        add(0, 0);
        add(10, 1000);
        trend.clear();
        add(11, 5);
        assertThat(trend.perSecond()).isZero();
    }
}
