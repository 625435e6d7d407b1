package warp.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import warp.error.WarpException;
import warp.model.ServerVersion;
import warp.postgres.PgDump;

/** {@code pg_dump -s} of this machine: what a whole schema is. */
final class Dump {

    private static final long SECONDS_MAX = 60;

    /** Left out by Warp: what acts on servers, and Warp's own schema. */
    private static final List<String> SWITCHES =
            List.of(
                    "--schema-only",
                    "--encoding=UTF8",
                    "--no-publications",
                    "--no-subscriptions",
                    "--no-tablespaces",
                    "--exclude-schema=warp");

    /** What ends a statement of the dump. */
    private static final Pattern END = Pattern.compile(";\n");

    private final Path program;

    private Dump(Path program) {
        this.program = program;
    }

    /**
     * The one that reads the source and writes what the destination understands, if there is.
     *
     * @param source a major version
     */
    static Optional<Dump> between(String source, String destination) {
        try {
            PgDump found = PgDump.find(version(source), version(destination));
            return Optional.of(new Dump(found.program()));
        } catch (WarpException none) {
            return Optional.empty();
        }
    }

    /** The one that reads both servers and gets the same words from both, if there is. */
    static Optional<Dump> ofBoth(String source, String destination) {
        ServerVersion newer = version(destination);
        // Since 16, servers print views without the tables' names where there is only one.
        boolean alike = version(source).atLeast(16) == newer.atLeast(16);
        try {
            return alike
                    ? Optional.of(new Dump(PgDump.find(newer, newer).program()))
                    : Optional.empty();
        } catch (WarpException none) {
            return Optional.empty();
        }
    }

    private static ServerVersion version(String major) {
        return new ServerVersion(major.equals("9.6") ? 90600 : Integer.parseInt(major) * 10000);
    }

    /** Writes a script. */
    void write(String uri, List<String> switches, Path script)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(SWITCHES);
        command.addAll(switches);
        command.addAll(List.of("--file=" + script, "--dbname=" + uri));
        Path said = Files.createTempFile(script.getParent(), "pg_dump", ".err");
        Process process = new ProcessBuilder(command).redirectError(said.toFile()).start();
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("pg_dump failed: " + Files.readString(said));
            }
        } finally {
            process.destroyForcibly();
            Files.delete(said);
        }
    }

    /** The statements, sorted, without what differs between versions only in print. */
    List<String> statements(String uri, Path folder) throws IOException, InterruptedException {
        Path script = Files.createTempFile(folder, "dump", ".sql");
        write(uri, List.of(), script);
        String text = Files.readString(script, StandardCharsets.UTF_8);
        Files.delete(script);
        return END.splitAsStream(text)
                .map(Dump::normalised)
                .filter(statement -> !statement.startsWith("SET "))
                .sorted()
                .toList();
    }

    private static String normalised(String statement) {
        return statement
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("--"))
                .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
                // Every range has a multirange since 14, named like it.
                .filter(line -> !line.contains("multirange_type_name"))
                .collect(Collectors.joining(" "))
                .replaceAll("\\s+", " ")
                .replace("( ", "(")
                // Since 11.
                .replace("EXECUTE PROCEDURE", "EXECUTE FUNCTION")
                .strip();
    }

    /** What one list has and the other has not, each as often. */
    static List<String> difference(List<String> one, List<String> other) {
        List<String> missing = new ArrayList<>(one);
        other.forEach(missing::remove);
        List<String> extra = new ArrayList<>(other);
        one.forEach(extra::remove);
        return Stream.concat(
                        missing.stream().map(line -> "missing: " + line),
                        extra.stream().map(line -> "too much: " + line))
                .toList();
    }
}
