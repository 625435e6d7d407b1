package warp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one must know to judge figures.
 *
 * @param name what was measured: {@code copy}, {@code drain-tpcb}
 * @param job what every contestant had to do
 * @param serverVersion of both servers
 * @param settings of both servers, where they differ from PostgreSQL's own
 * @param tools versions of the programs
 * @param machine before the first run
 */
record Circumstances(
        String name,
        Instant begun,
        String job,
        String serverVersion,
        Map<String, String> settings,
        List<String> tools,
        Machine machine) {

    /** A stopwatch for the report's head: taken before the first run, told the rest after it. */
    record Beginning(Instant begun, Machine machine) {

        static Beginning now() {
            return new Beginning(Instant.now(), Machine.now());
        }

        Circumstances of(String name, String job, Servers servers, Tools tools)
                throws SQLException {
            return new Circumstances(
                    name,
                    begun,
                    job,
                    servers.version(),
                    servers.shownSettings(),
                    tools.versions(),
                    machine);
        }
    }

    /** Above a table. */
    String head(Runs runs) {
        return head(runs.loads(machine.load()));
    }

    /**
     * @param loads of the machine meanwhile
     */
    String head(String loads) {
        return """

        bench %s: %s
        servers: PostgreSQL %s, both sides; %s
        programs: %s
        machine: %s; load %s

        """
                .formatted(
                        name,
                        job,
                        serverVersion,
                        settings,
                        String.join("; ", tools),
                        machine,
                        loads);
    }

    /** Writes a report as JSON and returns the file, which is named after what was measured. */
    Path write(Path folder, Outcome report) throws IOException {
        return write(folder, "%s-pg%s.json".formatted(name, serverVersion), report);
    }

    static Path write(Path folder, String file, Outcome report) throws IOException {
        Files.createDirectories(folder);
        JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        return Files.writeString(folder.resolve(file), mapper.writeValueAsString(report) + "\n");
    }
}
