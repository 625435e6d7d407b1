package warp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of other JVMs, which end without closing them, and which share a cache folder. */
class AbandonedServerPgTest {

    private static final long MAX_SECONDS = 60;

    @TempDir private Path cache;

    @Test
    void jvmsThatEnd_leaveNoServer_andUnpackSideBySide() throws Exception {
        // the user that runs servers must be able to enter it
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Process> both = List.of(jvm("exit"), jvm("exit"));
        for (Process process : both) {
            Path data = dataOf(process);
            assertThat(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(data.getParent()).doesNotExist();
        }
        try (Stream<Path> left = Files.list(cache)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("postgresql-9.6.24", "cluster-9.6.24-UTF8");
        }
    }

    @Test
    void jvmThatIsKilled_leavesNoServer() throws Exception {
        Process process = jvm("wait", System.getenv("WARP_SANDBOX_HOME"));
        Path data = dataOf(process);
        List<ProcessHandle> serverAndWatchdog = process.descendants().toList();
        assertThat(serverAndWatchdog).hasSizeGreaterThan(1);

        process.destroyForcibly();

        for (ProcessHandle handle : serverAndWatchdog) {
            handle.onExit().get(MAX_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(data.getParent()).doesNotExist();
    }

    private Process jvm(String argument) throws IOException {
        return jvm(argument, cache.toString());
    }

    private static Process jvm(String argument, @Nullable String home) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ServerOfAnotherJvm.class.getName(),
                                argument)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        if (home != null) {
            builder.environment().put("WARP_SANDBOX_HOME", home);
        }
        return builder.start();
    }

    private static Path dataOf(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        return Path.of(reader.readLine());
    }
}
