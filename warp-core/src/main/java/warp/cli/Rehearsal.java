package warp.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import warp.config.Environment;
import warp.console.LineSource;
import warp.console.TerminalLog;
import warp.console.TerminalPrompt;
import warp.error.ExitCode;
import warp.migration.LiveMigrations;
import warp.progress.StopSignal;

/**
 * What the JVM is shown once after a build, so that it keeps the classes ready for all later starts
 * ("ahead-of-time cache", JEP 483 and 514; {@code scripts/jvm}): some commands that get as far as
 * one gets without a server, and {@code warp status} of a {@link RehearsalServer}. Where it is
 * given two servers, a migration from one to the other too, from the check to the end: a class that
 * is only loaded is of little use, one that has run is kept with all it needs. Prints nothing and
 * connects to nobody else: the port that the others try is closed, or whoever listens there is not
 * PostgreSQL.
 */
final class Rehearsal {

    private static final String NOBODY = "host=127.0.0.1 port=1 user=x connect_timeout=2 dbname=";

    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("--help"),
                    List.of("--no-such-switch"),
                    List.of("--config=rehearsal.yaml", "status"),
                    List.of("--source=" + NOBODY + "a", "-d", NOBODY + "b", "status", "--json"),
                    List.of("--source=" + NOBODY + "a", "-d", NOBODY + "b", "check"));

    private Rehearsal() {}

    /**
     * Rehearses all of it, and ends the process.
     *
     * @param arguments none, or the URIs of source and destination: servers that are there for
     *     nothing else
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("warp-rehearsal");
        Path config = folder.resolve("rehearsal.yaml");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        try {
            new StopOnSignals(new StopSignal(), nowhere, _ -> {}).install();
            Files.writeString(
                    config, "source: " + NOBODY + "a\ndestination: " + NOBODY + "b\njobs: 2\n");
            COMMANDS.forEach(command -> Main.run(command, surroundings(folder, nowhere)));
            status(folder, nowhere);
            if (arguments.length == 2) {
                migrate(arguments[0], arguments[1], folder, nowhere);
            }
        } finally {
            delete(folder);
        }
        // What the end of a process looks for (Runtime.exit), since nothing else does.
        System.getLogger("java.lang.Runtime").isLoggable(Level.DEBUG);
        ProcessEnd.exit();
    }

    /**
     * The worst of what {@code warp status} says in its forms, and in {@code out} what it prints.
     */
    static ExitCode status(Path folder, PrintStream out) throws IOException {
        try (RehearsalServer server = RehearsalServer.start()) {
            List<ExitCode> codes = new ArrayList<>();
            String url =
                    "postgresql://x:%s@127.0.0.1:%d/"
                            .formatted(RehearsalServer.PASSWORD, server.port());
            for (String form : List.of("--verbose", "--json")) {
                codes.add(
                        Main.run(
                                List.of("status", "--source=" + url + "a", "-d", url + "b", form),
                                surroundings(folder, out)));
            }
            return Severity.worst(codes);
        }
    }

    /** How each command of a migration ends, from the check to the end, in two ways. */
    static List<ExitCode> migrate(String source, String destination, Path folder, PrintStream out) {
        List<ExitCode> codes = new ArrayList<>();
        for (List<String> form :
                List.of(
                        List.of("check"),
                        List.of("--until", "copied", "--verbose"),
                        List.of("--until", "caught-up", "--verbose"),
                        List.of("--clean"),
                        List.of("--until", "caught-up", "--sync-schema"),
                        List.of("--clean"))) {
            List<String> command = new ArrayList<>(form);
            command.addAll(List.of("--yes", "--keyless", "inserts-only"));
            command.addAll(List.of("--source", source, "--destination", destination));
            codes.add(Main.run(command, surroundings(folder, out)));
        }
        return codes;
    }

    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static Surroundings surroundings(Path folder, PrintStream out) {
        StopSignal stop = new StopSignal();
        return new Surroundings(
                new Environment(Map.of("PGSYSCONFDIR", folder.toString()), folder, "x", folder),
                new TerminalLog.Screen(out, out, false),
                new TerminalPrompt(LineSource.of(InputStream.nullInputStream()), out, stop),
                Clock.systemUTC(),
                stop,
                new LiveMigrations(),
                "warp",
                () -> {});
    }
}
