package warp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What several benchmarks found, one after the other. */
record Outcomes(List<Outcome> all) implements Outcome {

    Outcomes {
        all = List.copyOf(all);
    }

    @Override
    public String table() {
        return all.stream().map(Outcome::table).collect(Collectors.joining());
    }

    @Override
    public List<Path> write(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Outcome each : all) {
            files.addAll(each.write(folder));
        }
        return files;
    }

    @Override
    public boolean complete() {
        return all.stream().allMatch(Outcome::complete);
    }
}
