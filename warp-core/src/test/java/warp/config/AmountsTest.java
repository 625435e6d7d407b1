package warp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Sizes and times as people write and read them. */
class AmountsTest {

    private static ByteSize size(String text) {
        return ByteSize.parse(text, "--size", new ByteSize(1), ErrorCode.USAGE);
    }

    private static TimeSpan time(String text) {
        return TimeSpan.parse(text, "--time", TimeSpan.seconds(0), ErrorCode.USAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "1B, 1, 1B, 1 B",
        "100kB, 102400, 100kB, 100 kB",
        "500MB, 524288000, 500MB, 500 MB",
        "1024MB, 1073741824, 1GB, 1.0 GB",
        "1.5 gb, 1610612736, 1.5GB, 1.5 GB",
        " 10GB , 10737418240, 10GB, 10 GB",
        "2tb, 2199023255552, 2TB, 2.0 TB",
        "16000MB, 16777216000, 15.625GB, 16 GB"
    })
    void sizes_areReadInPostgresUnitsAndWrittenBack(
            String text, long bytes, String written, String rounded) {
        assertThat(size(text).bytes()).isEqualTo(bytes);
        assertThat(size(text)).hasToString(written);
        assertThat(size(written)).isEqualTo(size(text));
        assertThat(size(text).rounded()).isEqualTo(rounded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "GB",
                "-1GB",
                "10GiB",
                "10 G",
                "1e3MB",
                "0B",
                "9999999999TB",
                "1,5GB"
            })
    void whatIsNoSize_isRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> size(text))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.USAGE))
                .hasMessage("--size needs a size of at least 1B, such as 500MB or 10GB");
    }

    @ParameterizedTest
    @CsvSource({
        "500ms, 500, 500ms",
        "30s, 30000, 30s",
        "90 s, 90000, 90s",
        "5m, 300000, 5min",
        "5min, 300000, 5min",
        "2H, 7200000, 2h",
        "1d, 86400000, 1d",
        "0s, 0, 0s"
    })
    void times_areReadAndWrittenBack(String text, long millis, String written) {
        assertThat(time(text).duration()).isEqualTo(Duration.ofMillis(millis));
        assertThat(time(text)).hasToString(written);
        assertThat(time(written)).isEqualTo(time(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1.5h", "1 week", "10000000000s"})
    void whatIsNoTime_isRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> time(text))
                .hasMessage("--time needs a time of at least 0s, such as 30s or 5min");
    }

    @Test
    void zeroAlone_isNeverWhereThatMakesSense() {
        assertThat(TimeSpan.orZero(" 0 ", "--time", ErrorCode.USAGE)).isZero();
        assertThat(TimeSpan.orZero("2h", "--time", ErrorCode.USAGE)).isEqualTo(Duration.ofHours(2));
        assertThatThrownBy(() -> TimeSpan.orZero("5", "--time", ErrorCode.CONFIG))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.CONFIG))
                .hasMessage("--time needs a time such as 90s, 5min or 2h; 0 for never");
    }

    @Test
    void times_areRoundedToWhatCounts() {
        assertThat(TimeSpan.rounded(Duration.ofMillis(35_400))).isEqualTo("35 s");
        assertThat(TimeSpan.rounded(Duration.ofSeconds(119))).isEqualTo("119 s");
        assertThat(TimeSpan.rounded(Duration.ofSeconds(700))).isEqualTo("12 min");
        assertThat(TimeSpan.rounded(Duration.ofMinutes(130))).isEqualTo("2 h 10 min");
        assertThat(TimeSpan.rounded(Duration.ofHours(100))).isEqualTo("4 days");
    }
}
