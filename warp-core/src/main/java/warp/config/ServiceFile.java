package warp.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * Finds a named group of parameters in {@code pg_service.conf} ("The Connection Service File" in
 * the manual): in the file that {@code servicefile} or {@code PGSERVICEFILE} names, else {@code
 * ~/.pg_service.conf}, then the machine's own.
 */
final class ServiceFile {

    private final Environment environment;

    ServiceFile(Environment environment) {
        this.environment = environment;
    }

    /**
     * The service's parameters.
     *
     * @param named the file asked for, which must then exist
     */
    ConnectionParameters find(String service, Optional<String> named) {
        List<Path> files = new ArrayList<>();
        named.map(environment::file).ifPresent(files::add);
        if (named.isEmpty()) {
            environment.homeFile(".pg_service.conf").filter(Files::exists).ifPresent(files::add);
        }
        Path machine = environment.systemDirectory().resolve("pg_service.conf");
        if (Files.exists(machine)) {
            files.add(machine);
        }
        for (Path file : files) {
            Optional<ConnectionParameters> found = read(file, service);
            if (found.isPresent()) {
                return found.get();
            }
        }
        String where =
                files.isEmpty()
                        ? "there is no service file"
                        : "it is not in "
                                + String.join(", ", files.stream().map(Path::toString).toList());
        throw new WarpException(
                        ErrorCode.CONFIG, "service \"" + service + "\" is not defined: " + where)
                .hint("add [" + service + "] to ~/.pg_service.conf, or set PGSERVICEFILE");
    }

    private static Optional<ConnectionParameters> read(Path file, String service) {
        String origin = "service \"" + service + "\" in " + file;
        ConnectionParameters parameters = new ConnectionParameters();
        boolean inside = false;
        boolean found = false;
        int number = 0;
        for (String raw : TextFile.read(file).lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.startsWith("[")) {
                // Only the first group of the name counts.
                inside = !found && line.equals("[" + service + "]");
                found |= inside;
            } else if (inside && !line.isEmpty() && !line.startsWith("#")) {
                parameter(parameters, line, origin, file + ", line " + number);
            }
        }
        return found ? Optional.of(parameters) : Optional.empty();
    }

    private static void parameter(
            ConnectionParameters parameters, String line, String origin, String where) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new WarpException(ErrorCode.CONFIG, where + ": not of the form name=value");
        }
        String name = line.substring(0, equals);
        Keyword keyword =
                Keyword.named(name)
                        .orElseThrow(() -> {
                            WarpException unknown =
                                    new WarpException(
                                            ErrorCode.CONFIG,
                                            where + ": unknown key \"" + name + "\"");
                            return Keyword.suggestion(name).map(unknown::hint).orElse(unknown);
                        });
        if (keyword == Keyword.SERVICE || keyword == Keyword.SERVICEFILE) {
            throw new WarpException(
                    ErrorCode.CONFIG, where + ": a service cannot name another service");
        }
        if (!parameters.has(keyword)) {
            parameters.set(keyword, line.substring(equals + 1), origin);
        }
    }
}
