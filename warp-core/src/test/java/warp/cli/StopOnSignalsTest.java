package warp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import warp.error.ExitCode;
import warp.progress.StopSignal;

class StopOnSignalsTest {

    @Test
    void firstSignalStopsCleanly_secondHaltsWithTheSameCode() {
        StopSignal stop = new StopSignal();
        List<ExitCode> halted = new ArrayList<>();
        PrintStream err =
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        StopOnSignals signals = new StopOnSignals(stop, err, halted::add);

        signals.received(ExitCode.TERMINATED);
        assertThat(stop.exitCode()).contains(ExitCode.TERMINATED);
        assertThat(halted).isEmpty();

        signals.received(ExitCode.INTERRUPTED);
        assertThat(halted).containsExactly(ExitCode.TERMINATED);
    }
}
