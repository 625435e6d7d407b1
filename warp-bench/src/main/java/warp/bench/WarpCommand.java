package warp.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Warp for one migration. */
record WarpCommand(Tools tools, String source, String destination) {

    static final String SLOT = "warp_bench";

    static WarpCommand of(Tools tools, Servers servers, String source, String destination) {
        return new WarpCommand(
                tools, servers.source().uri(source), servers.destination().uri(destination));
    }

    /** The same, but with another way to the destination. */
    WarpCommand to(String otherUri) {
        return new WarpCommand(tools, source, otherUri);
    }

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
        line.addAll(List.of("--source", source));
        line.addAll(List.of("--destination", destination));
        line.addAll(List.of("--slot", SLOT));
        return line;
    }

    /** The empty tables at the destination, as the manual says to make them. */
    void copySchema(Workplace workplace) {
        workplace.pipe(
                List.of("pg_dump", "--schema-only", source),
                List.of(
                        "psql",
                        "-X",
                        "--quiet",
                        "--output=/dev/null",
                        "--set=ON_ERROR_STOP=1",
                        destination));
    }
}
