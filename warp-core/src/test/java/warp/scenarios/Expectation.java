package warp.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * What Warp must print: a line {@code exit 6} names its exit code, {@code not: text} what must not
 * be printed, every other line what must, each somewhere in one line of the output.
 */
record Expectation(int exitCode, List<String> printed, List<String> notPrinted) {

    private static final String EXIT = "exit ";
    private static final String NOT = "not: ";

    Expectation {
        printed = List.copyOf(printed);
        notPrinted = List.copyOf(notPrinted);
    }

    static Expectation of(List<String> lines) {
        int exitCode = 0;
        List<String> printed = new ArrayList<>();
        List<String> notPrinted = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(EXIT)) {
                exitCode = Integer.parseInt(line.substring(EXIT.length()));
            } else if (line.startsWith(NOT)) {
                notPrinted.add(line.substring(NOT.length()));
            } else {
                printed.add(line);
            }
        }
        return new Expectation(exitCode, printed, notPrinted);
    }

    void check(String output) {
        assertThat(printed).as(output).isNotEmpty().allMatch(output::contains);
        if (!notPrinted.isEmpty()) {
            assertThat(output).doesNotContain(notPrinted);
        }
    }
}
