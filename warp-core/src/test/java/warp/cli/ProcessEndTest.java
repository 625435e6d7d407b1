package warp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.config.Environment;

class ProcessEndTest {

    @TempDir Path folder;

    @Test
    void theSystem_canBeAsked() {
        assertThat(ProcessEnd.exit()).isPresent();
    }

    @Test
    void whoGivesTheJvmOptions_getsTheJvmsOwnEnd() {
        assertThat(isPlain(Map.of("WARP_JAVA_OPTIONS", ""))).isTrue();
        assertThat(isPlain(Map.of("WARP_JAVA_OPTIONS", "-XX:StartFlightRecording"))).isFalse();
        assertThat(isPlain(Map.of("JAVA_TOOL_OPTIONS", "-javaagent:it.jar"))).isFalse();
    }

    private boolean isPlain(Map<String, String> variables) {
        return ProcessEnd.isPlain(new Environment(variables, folder, "x", folder));
    }
}
