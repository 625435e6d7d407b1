package warp.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import warp.sandbox.PostgresServer;

/** Command lines of Warp for one migration. */
record WarpCommand(
        Tools tools, Servers servers, String sourceDatabase, String destinationDatabase) {

    static final String SLOT = "warp_bench";

    /** Warp with these switches beside the connections and the slot. */
    List<String> with(String... switches) {
        List<String> line = of(tools.warp());
        line.add("--yes");
        line.addAll(List.of(switches));
        return line;
    }

    /** Any form of Warp with these words, the connections and the slot. */
    List<String> of(Path program, String... words) {
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(List.of(words));
        line.addAll(List.of("--source", servers.source().uri(sourceDatabase)));
        line.addAll(List.of("--destination", servers.destination().uri(destinationDatabase)));
        line.addAll(List.of("--slot", SLOT));
        return line;
    }

    /** The empty tables at the destination, as the manual says to make them. */
    void copySchema(Workplace workplace) {
        PostgresServer source = servers.source();
        workplace.pipe(
                List.of("pg_dump", "--schema-only", source.uri(sourceDatabase)),
                List.of(
                        "psql",
                        "-X",
                        "--quiet",
                        "--output=/dev/null",
                        "--set=ON_ERROR_STOP=1",
                        servers.destination().uri(destinationDatabase)));
    }
}
