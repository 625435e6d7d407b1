package warp.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoOptionsTest {

    @Test
    void withoutSwitches_theDefaultsHold() {
        assertThat(DemoOptions.parse(List.of()))
                .isEqualTo(new DemoOptions(false, "13", "18", 1, false));
    }

    @Test
    void everyWayToWriteASwitch_isUnderstood() {
        assertThat(
                        DemoOptions.parse(
                                List.of(
                                        "-keep",
                                        "--source-version=9.6",
                                        "-destination-version",
                                        "17",
                                        "--seed",
                                        "-5")))
                .isEqualTo(new DemoOptions(true, "9.6", "17", -5, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --kep                 | demo has no switch "--kep"
                    --keep=1              | --keep takes no value
                    --source-version      | --source-version needs a value
                    --source-version=8.4  | --source-version is one of 9.6, 10, 11, 12, 13, 14, 15, 16, 17, 18, not "8.4"
                    --seed=x              | --seed needs a number, not "x"
                    """)
    void wrongSwitch_isNamedInOneLine(String argument, String message) {
        assertThatThrownBy(() -> DemoOptions.parse(List.of(argument)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void wrongSwitch_endsWithUsageAndCode2() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(err, true, StandardCharsets.UTF_8);
        assertThat(DemoMain.run(List.of("--nonsense"), System.out, printed)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("warp: demo has no switch \"--nonsense\"\nUsage: warp demo");
    }
}
