package warp.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warp.sandbox.PostgresBinaries;

/**
 * The programs that are measured.
 *
 * @param warp the start script
 * @param major of both servers
 * @param versions what the programs say of themselves, for the report
 * @param pgcopydb whether it is there
 */
record Tools(Path warp, String major, List<String> versions, boolean pgcopydb) {

    private static final Pattern VERSION = Pattern.compile("\\b(\\d+)(?:\\.|devel|beta|rc)");

    /**
     * Looks at the PATH.
     *
     * @throws BenchException with what to install for the task
     */
    static Tools find(Path warp, BenchOptions.Task task) {
        List<String> missing =
                task.programs().stream().filter(program -> !onPath(program)).toList();
        if (!missing.isEmpty()) {
            throw new BenchException(
                    "needs %s on the PATH: apt-get install postgresql-client postgresql-contrib"
                            .formatted(String.join(", ", missing)));
        }
        if (!task.programs().contains("pg_dump")) {
            String major = task.servers().version().orElseGet(Tools::usualVersion);
            return new Tools(warp, major, versions(task.programs()), false);
        }
        String own = dumpVersion();
        String major = task.servers().version().orElse(own);
        if (Integer.parseInt(major) > Integer.parseInt(own)) {
            throw new BenchException(
                    "pg_dump %s is older than server %s: apt-get install postgresql-client-%s"
                            .formatted(own, major, major));
        }
        if (task.servers().programs().isEmpty() && !PostgresBinaries.majors().contains(major)) {
            throw new BenchException(
                    "there is no server %s to go with this pg_dump: give --version, one of %s"
                            .formatted(major, String.join(", ", PostgresBinaries.majors())));
        }
        List<String> versions = new ArrayList<>(versions(List.of("pg_dump")));
        boolean pgcopydb = onPath("pgcopydb");
        versions.add(pgcopydb ? firstLine("pgcopydb", "version") : "pgcopydb: not on the PATH");
        return new Tools(warp, major, List.copyOf(versions), pgcopydb);
    }

    private static List<String> versions(List<String> programs) {
        return programs.isEmpty()
                ? List.of("none but the servers")
                : programs.stream().map(program -> firstLine(program, "--version")).toList();
    }

    /** Of pg_dump, where it is there and there is a server to go with it; else the newest. */
    private static String usualVersion() {
        if (onPath("pg_dump")) {
            String own = dumpVersion();
            if (PostgresBinaries.majors().contains(own)) {
                return own;
            }
        }
        return PostgresBinaries.newest();
    }

    private static String dumpVersion() {
        String dump = firstLine("pg_dump", "--version");
        Matcher matcher = VERSION.matcher(dump);
        if (!matcher.find()) {
            throw new BenchException("cannot read the version of pg_dump: " + dump);
        }
        return matcher.group(1);
    }

    /** The same, with something else to tell of in the report. */
    Tools beside(String version) {
        List<String> all = new ArrayList<>(versions);
        all.add(version);
        return new Tools(warp, major, List.copyOf(all), pgcopydb);
    }

    /** Starts Warp once, so that building it falls into nobody's time. */
    void buildWarp(Workplace workplace) {
        workplace.run(List.of(warp.toString(), "--version"));
    }

    private static boolean onPath(String program) {
        @Nullable String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String firstLine(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            return new String(output, StandardCharsets.UTF_8).lines().findFirst().orElse("?");
        } catch (IOException e) {
            throw new BenchException("cannot run %s: %s".formatted(command[0], e.getMessage()), e);
        }
    }
}
