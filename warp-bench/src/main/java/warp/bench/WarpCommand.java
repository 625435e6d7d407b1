package warp.bench;

import java.util.ArrayList;
import java.util.List;
import warp.sandbox.PostgresServer;

/** Command lines of Warp for one migration. */
record WarpCommand(
        Tools tools, Servers servers, String sourceDatabase, String destinationDatabase) {

    static final String SLOT = "warp_bench";

    /** Warp with these switches beside the connections and the slot. */
    List<String> with(String... switches) {
        List<String> line = new ArrayList<>();
        line.add(tools.warp().toString());
        line.addAll(List.of("--source", servers.source().uri(sourceDatabase)));
        line.addAll(List.of("--destination", servers.destination().uri(destinationDatabase)));
        line.addAll(List.of("--slot", SLOT, "--yes"));
        line.addAll(List.of(switches));
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
