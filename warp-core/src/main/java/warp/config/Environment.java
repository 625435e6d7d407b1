package warp.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a process finds around itself, as a value, so that nothing here asks the machine by its own.
 *
 * @param variables the environment variables
 * @param home the user's home directory; null where there is none
 * @param osUser the operating system's name of the user; libpq's default for {@code user}
 * @param directory what relative file names start from
 */
public record Environment(
        Map<String, String> variables, @Nullable Path home, String osUser, Path directory) {

    /** Where Debian's and Ubuntu's libpq looks when {@code PGSYSCONFDIR} is not set. */
    private static final String SYSTEM_DIRECTORY = "/etc/postgresql-common";

    public Environment {
        variables = Map.copyOf(variables);
    }

    /** What surrounds this process. */
    public static Environment ofProcess() {
        Map<String, String> variables = System.getenv();
        String home = variables.getOrDefault("HOME", System.getProperty("user.home", ""));
        return new Environment(
                variables,
                home.isEmpty() ? null : Path.of(home),
                System.getProperty("user.name", ""),
                Path.of("").toAbsolutePath());
    }

    /** The variable's value; set but empty counts as set, as in libpq. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /** A file as the user named it: relative names start from {@link #directory}. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /** A file of the home directory. */
    Optional<Path> homeFile(String name) {
        return Optional.ofNullable(home).map(where -> where.resolve(name));
    }

    /** The directory of the machine's own {@code pg_service.conf}. */
    Path systemDirectory() {
        return file(variables.getOrDefault("PGSYSCONFDIR", SYSTEM_DIRECTORY));
    }
}
