package warp.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {

    @Test
    void nothingSaid_takesTheDefaults() {
        assertThat(parse("copy")).isEqualTo(new BenchOptions.Copy(50, 3, Optional.empty()));
        assertThat(parse("drain"))
                .isEqualTo(new BenchOptions.Drain(200_000, 20, 3, Optional.empty()));
        assertThat(parse("catalog"))
                .isEqualTo(
                        new BenchOptions.Catalog(
                                List.of(10_000, 30_000, 100_000), Optional.empty()));
    }

    @Test
    void switches_haveOneDashOrTwoAndTheirValueBehindEqualsOrSpace() {
        assertThat(parse("copy", "-scale=7", "--runs", "2", "--version=15"))
                .isEqualTo(new BenchOptions.Copy(7, 2, Optional.of("15")));
    }

    @Test
    void transactions_areRoundedUpToWhatTheSessionsMakeTogether() {
        assertThat(parse("drain", "--transactions", "5"))
                .isEqualTo(new BenchOptions.Drain(8, 20, 3, Optional.empty()));
    }

    @Test
    void help_isGivenWhereverItIsAskedFor() {
        assertThat(parse("copy", "--nonsense", "--help")).isEqualTo(new BenchOptions.Help());
    }

    @ParameterizedTest
    @CsvSource({
        "'', say what to measure",
        "copi, copi",
        "copy --transactions 5, --transactions",
        "copy runs 5, runs",
        "copy --runs, --runs needs a value",
        "copy --runs 0, not \"0\"",
        "copy --scale 10001, not \"10001\"",
        "drain --transactions 99999999999, 99999999999",
        "drain --runs -1, not \"-1\"",
        "catalog --tables 10;20, not \"10;20\"",
        "catalog --runs 2, --runs",
        "copy --version 9.6, not \"9.6\"",
        "copy --version 8, not \"8\""
    })
    void wrongArguments_areNamedInOneLine(String line, String named) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named)
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("\n");
    }

    @Test
    void wrongSwitch_endsWithTheUsageAndCodeTwo() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = BenchMain.run(List.of("copy", "--scal", "3"), stream(out), stream(err));
        assertThat(code).isEqualTo(2);
        assertThat(out.size()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("bench: there is no switch \"--scal\" here\nUsage: bench");
    }

    private static BenchOptions parse(String... arguments) {
        return BenchOptions.parse(List.of(arguments));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
