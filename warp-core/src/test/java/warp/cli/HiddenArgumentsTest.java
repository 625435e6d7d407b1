package warp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.Environment;

/** A password on the command line is there for a moment, not for hours. */
class HiddenArgumentsTest {

    private static final Path SCRIPT = Path.of("../scripts/arguments").toAbsolutePath().normalize();

    @TempDir static Path folder;

    /** What a script that hides its secrets is called with in the end, and what it handed on. */
    private record Seen(String commandLine, String handedOn) {}

    private static Seen start(List<String> arguments) throws IOException, InterruptedException {
        Path program = folder.resolve("program");
        if (!Files.exists(program)) {
            Files.writeString(
                    program,
                    """
                    #!/usr/bin/env bash
                    set -euo pipefail
                    . "%s"
                    hide_secrets "$@"
                    printf '%%s\\x1e%%s' "$(tr '\\0' '|' < /proc/$$/cmdline)" "${WARP_ARGUMENTS:-}"
                    """
                            .formatted(SCRIPT));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        String[] parts = said.split("\u001e", -1);
        return new Seen(parts[0], parts[1]);
    }

    private static List<String> words(List<String> arguments, String handedOn) {
        return Main.words(
                arguments, new Environment(Map.of("WARP_ARGUMENTS", handedOn), null, "", folder));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://me:can4ry@db/shop",
                "--source=postgres://me:can4ry@db/shop",
                "host=db password=can4ry",
                "host=db PASSWORD='can4ry'",
                "host=db sslpassword = can4ry",
                "postgresql://db/shop?password=can4ry",
            })
    void anArgumentWithAPassword_isNotOnTheCommandLine(String argument) throws Exception {
        List<String> arguments = List.of("check", argument, "", "two words\nand a line\n", "*");

        Seen seen = start(arguments);

        assertThat(seen.commandLine()).contains("program").doesNotContain("can4ry");
        assertThat(words(List.of(), seen.handedOn())).isEqualTo(arguments);
    }

    @Test
    void argumentsWithoutOne_stayWhereTheyAre() throws Exception {
        Seen seen = start(List.of("--source", "postgresql://me@db/shop", "--jobs=2"));

        assertThat(seen.commandLine()).contains("|--source|postgresql://me@db/shop|--jobs=2|");
        assertThat(seen.handedOn()).isEmpty();
    }

    @Test
    void argumentsThatAreThere_count() {
        assertThat(words(List.of("check"), "--clean\u001f")).containsExactly("check");
    }
}
