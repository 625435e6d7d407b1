package warp.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of {@code scenarios/}: SQL files, and small files of lines, where blank lines and those
 * that begin with {@code #} say nothing. A file of an unknown name is refused, since a misspelt one
 * would test nothing.
 *
 * @param arguments Warp's switches besides connections, slot and end
 * @param versions which servers it is for
 * @param connections encodings, and roles other than the superuser
 * @param dumpSwitches of pg_dump, for what the destination's schema should be
 */
record Scenario(
        Path folder,
        List<String> arguments,
        VersionRules versions,
        Connections connections,
        List<String> dumpSwitches) {

    /** Where queries compare what there is to be compared. */
    static final List<String> NONE = List.of("none");

    private static final List<String> DEFAULT_ARGUMENTS = List.of("--sync-schema", "--yes");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{1,40}");
    private static final Pattern FILES =
            Pattern.compile(
                    "(source|destination|mend|expected|during|backlog|load(-\\d)?)\\.sql"
                            + "|arguments|versions|connections|pg_dump|compared|config\\.yaml"
                            + "|expected-(error|output|differences)");

    /** As a shell has them, with single quotes alone. */
    private static final Pattern WORD = Pattern.compile("('[^']*'|[^\\s'])+");

    /** Every scenario of the folder, by name. */
    static List<Scenario> all(Path scenarios) {
        try (Stream<Path> folders = Files.list(scenarios)) {
            return folders.filter(Files::isDirectory).sorted().map(Scenario::read).toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /**
     * @throws IllegalArgumentException where the folder holds what is not understood
     */
    static Scenario read(Path folder) {
        String name = folder.getFileName().toString();
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a scenario's name is lower case, digits and -, 41 characters at most: "
                            + name);
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!FILES.matcher(file.getFileName().toString()).matches()) {
                    throw new IllegalArgumentException("what is this file for? " + file);
                }
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        if (!Files.exists(folder.resolve("source.sql"))) {
            throw new IllegalArgumentException(folder + " has no source.sql");
        }
        List<String> arguments = words(folder.resolve("arguments"));
        return new Scenario(
                folder,
                Files.exists(folder.resolve("arguments")) ? arguments : DEFAULT_ARGUMENTS,
                VersionRules.of(lines(folder.resolve("versions"))),
                Connections.of(lines(folder.resolve("connections"))),
                words(folder.resolve("pg_dump")));
    }

    String name() {
        return folder.getFileName().toString();
    }

    /** What its databases, its slot and, as their beginning, its roles are called. */
    String database() {
        return name().replace('-', '_');
    }

    /** A file, where there is one. */
    Optional<Path> file(String name) {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Optional.of(file) : Optional.empty();
    }

    /** What the run must print and end with; empty where it must succeed without a word. */
    Optional<Expectation> expected(String file) {
        return file(file).map(path -> Expectation.of(lines(path)));
    }

    /**
     * The tables whose rows are compared, {@code schema.table}; empty for all; or {@link #NONE}.
     */
    List<String> compared() {
        return lines(folder.resolve("compared"));
    }

    /** Beginnings of the lines in which the destination's schema differs, and why, as comments. */
    List<String> expectedDifferences() {
        return lines(folder.resolve("expected-differences"));
    }

    /** The sessions that write while Warp copies. */
    List<Path> loads() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("load"))
                    .sorted()
                    .toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    boolean syncsSchema() {
        return arguments.contains("--sync-schema");
    }

    /** The same, into a destination that has its schema already. */
    Scenario withoutSync() {
        List<String> rest = new ArrayList<>(arguments);
        rest.remove("--sync-schema");
        return new Scenario(folder, rest, versions, connections, dumpSwitches);
    }

    /** Whether it means the same where the schema is made by hand. */
    boolean canDoWithoutSync() {
        return Stream.of("destination.sql", "expected-error", "expected-output", "pg_dump")
                .noneMatch(file -> file(file).isPresent());
    }

    private static List<String> words(Path file) {
        return lines(file).stream()
                .flatMap(line -> WORD.matcher(line).results())
                .map(word -> word.group().replace("'", ""))
                .toList();
    }

    private static List<String> lines(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /**
     * How the databases are made, and who connects to them.
     *
     * @param sourceEncoding of the source database
     * @param sourceRole empty for the superuser; its password is its name
     */
    record Connections(String sourceEncoding, String sourceRole, String destinationRole) {

        private static final Pattern LINE = Pattern.compile("(\\w+) (encoding|role) (\\w+)");

        private static Connections of(List<String> lines) {
            String encoding = "UTF8";
            String source = "";
            String destination = "";
            for (String line : lines) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    throw new IllegalArgumentException("connections: " + line);
                }
                switch (matcher.group(1) + " " + matcher.group(2)) {
                    case "source encoding" -> encoding = matcher.group(3).toUpperCase(Locale.ROOT);
                    case "source role" -> source = matcher.group(3);
                    case "destination role" -> destination = matcher.group(3);
                    case String other ->
                            throw new IllegalArgumentException("connections: " + other);
                }
            }
            return new Connections(encoding, source, destination);
        }
    }
}
