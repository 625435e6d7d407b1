package warp.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import warp.error.ExitCode;

class StopSignalTest {

    private final StopSignal stop = new StopSignal();
    private final List<String> done = new ArrayList<>();

    @Test
    void firstRequest_countsAndRunsEachActionOnce() {
        stop.onStop(() -> done.add("a"));
        stop.onStop(() -> done.add("b"));
        assertThat(stop.requested()).isFalse();
        assertThat(stop.exitCode()).isEmpty();

        stop.request(ExitCode.TERMINATED);
        stop.request(ExitCode.INTERRUPTED);

        assertThat(stop.requested()).isTrue();
        assertThat(stop.exitCode()).contains(ExitCode.TERMINATED);
        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void lateAction_runsAtOnce() {
        stop.request(ExitCode.INTERRUPTED);

        stop.onStop(() -> done.add("late"));

        assertThat(done).containsExactly("late");
    }

    @Test
    void forgottenAction_doesNotRun() {
        Runnable action = () -> done.add("a");
        stop.onStop(action);

        stop.forget(action);
        stop.request(ExitCode.INTERRUPTED);

        assertThat(done).isEmpty();
    }
}
