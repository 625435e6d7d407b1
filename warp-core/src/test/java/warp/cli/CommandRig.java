package warp.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warp.config.Environment;
import warp.console.LineSource;
import warp.console.TerminalLog;
import warp.console.TerminalPrompt;
import warp.error.ExitCode;
import warp.progress.StopSignal;

/** Runs commands in this JVM, with a directory, variables and typed lines of its own. */
final class CommandRig {

    final RecordingMigrations migrations = new RecordingMigrations();
    final Map<String, String> variables = new HashMap<>();
    final StopSignal stop = new StopSignal();
    private final Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String typed = "";

    CommandRig(Path directory) {
        this.directory = directory;
        variables.put("PGSYSCONFDIR", directory.resolve("etc").toString());
    }

    void type(String lines) {
        typed = lines;
    }

    ExitCode run(String... arguments) {
        out.reset();
        err.reset();
        PrintStream screen = new PrintStream(out, true, StandardCharsets.UTF_8);
        byte[] input = typed.getBytes(StandardCharsets.UTF_8);
        Surroundings surroundings =
                new Surroundings(
                        new Environment(variables, directory, "osuser", directory),
                        new TerminalLog.Screen(
                                screen, new PrintStream(err, true, StandardCharsets.UTF_8), false),
                        new TerminalPrompt(
                                LineSource.of(new ByteArrayInputStream(input)), screen, stop),
                        Clock.fixed(Instant.parse("2021-07-23T21:33:06.146Z"), ZoneOffset.UTC),
                        stop,
                        migrations,
                        "citus_warp",
                        () -> {});
        return Main.run(List.of(arguments), surroundings);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
