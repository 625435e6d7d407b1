package warp.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warp.config.ByteSize;
import warp.preflight.WalForecast.Written;

class WalForecastTest {

    private static final Written NOTHING = new Written(0, 0);
    private static final long GIGABYTE = 1L << 30;

    private static Written megabytes(long number, double seconds) {
        return new Written(number << 20, seconds);
    }

    @Test
    void need_isRateTimesTimeOfTheCopy() {
        WalForecast forecast =
                WalForecast.of(megabytes(100, 10), NOTHING, 400 * GIGABYTE, Optional.empty());
        assertThat(forecast.time()).isEqualTo(Duration.ofSeconds(10_240));
        assertThat(forecast.need()).isEqualTo(ByteSize.megabytes(102_400));
    }

    @Test
    void fasterOfTheTwoRates_counts() {
        assertThat(
                        WalForecast.of(
                                        megabytes(1, 100),
                                        megabytes(864_000, 86_400),
                                        1,
                                        Optional.empty())
                                .bytesPerSecond())
                .isEqualTo(10 << 20);
    }

    @Test
    void momentsAgo_saysNothing() {
        assertThat(
                        WalForecast.of(megabytes(1000, 4), NOTHING, GIGABYTE, Optional.empty())
                                .need()
                                .bytes())
                .isZero();
    }

    @Test
    void smallCopy_isTakenForAMinute() {
        assertThat(WalForecast.of(megabytes(60, 6), NOTHING, 1, Optional.empty()).need())
                .isEqualTo(ByteSize.megabytes(600));
    }

    @Test
    void throttledCopy_takesLonger() {
        assertThat(
                        WalForecast.of(
                                        NOTHING,
                                        NOTHING,
                                        GIGABYTE,
                                        Optional.of(ByteSize.megabytes(1)))
                                .time())
                .isEqualTo(Duration.ofSeconds(1024));
    }
}
