package warp.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.sandbox.SandboxException;

class DemoPgTest {

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void faithfulMove_endsWith0() throws Exception {
        assertThat(demo("faithful", "--source-version=10").run()).as(this::said).isEqualTo(0);
        assertThat(said())
                .contains("Warp ended with exit code 143")
                .contains("source and destination are EQUAL");
    }

    @Test
    void lostRow_endsWith4AndIsShown() throws Exception {
        assertThat(demo("lossy").run()).as(this::said).isEqualTo(4);
        assertThat(said())
                .contains(
                        "table shop.payments: 1 rows only at the source, 0 only at the destination")
                .contains("(id=7, order_id=7,")
                .contains("source and destination DIFFER");
    }

    @Test
    void warpThatFails_failsTheDemo() throws Exception {
        Demo demo = demo("failing");
        assertThatThrownBy(demo::run)
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("warp ended before it was replicating");
    }

    @Test
    void missingProgram_isNamed() throws SQLException {
        Demo demo =
                new Demo(
                        DemoOptions.parse(List.of()),
                        "/does/not/exist",
                        20,
                        Duration.ofSeconds(1),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        Redirect.DISCARD);
        assertThatThrownBy(demo::run)
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("/does/not/exist");
    }

    private Demo demo(String behaviour, String... switches) throws IOException {
        Path script = folder.resolve("warp");
        Files.writeString(
                script,
                "#!/bin/sh\nexec '%s' -Xshare:auto -XX:TieredStopAtLevel=1 -cp '%s' %s %s \"$@\"\n"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path"),
                                NativeReplication.class.getName(),
                                behaviour));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return new Demo(
                DemoOptions.parse(List.of(switches)),
                script.toString(),
                300,
                Duration.ofSeconds(2),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                Redirect.appendTo(folder.resolve("warp.log").toFile()));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
