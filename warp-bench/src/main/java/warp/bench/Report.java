package warp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything measured, and what one must know to judge it.
 *
 * @param name what was measured: {@code copy}, {@code drain-tpcb}
 * @param job what every contestant had to do
 * @param serverVersion of both servers
 * @param settings of both servers, where they differ from PostgreSQL's own
 * @param tools versions of the programs
 * @param machine before the first run
 */
record Report(
        String name,
        Instant begun,
        String job,
        String serverVersion,
        Map<String, String> settings,
        List<String> tools,
        Machine machine,
        List<Measurement> runs)
        implements Outcome {

    /** The contestant that the others are compared with. */
    static final String WARP = "Warp";

    @Override
    public boolean complete() {
        return runs.stream().allMatch(Measurement::counts);
    }

    @Override
    public String table() {
        StringBuilder text = new StringBuilder();
        text.append("%nbench %s: %s%n".formatted(name, job));
        text.append("servers: PostgreSQL %s, both sides; %s%n".formatted(serverVersion, settings));
        text.append("programs: %s%n".formatted(String.join("; ", tools)));
        text.append("machine: %s; load %s%n%n".formatted(machine, loads()));
        text.append(
                "| what | median | min–max | ratio to Warp | CPU: client | source | destination |%n"
                        .formatted());
        text.append("|---|--:|--:|--:|--:|--:|--:|%n".formatted());
        double warp = median(counted(WARP), Measurement::seconds);
        runs.stream()
                .map(Measurement::what)
                .distinct()
                .forEach(what -> text.append(row(what, warp)));
        return text.toString();
    }

    @Override
    public List<Path> write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("%s-pg%s.json".formatted(name, serverVersion));
        JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, mapper.writeValueAsString(this) + "\n");
        return List.of(file);
    }

    private String row(String what, double warp) {
        List<Measurement> counted = counted(what);
        long failed = runs.stream().filter(run -> run.what().equals(what)).count() - counted.size();
        String note = failed == 0 ? "" : " (failed: %d)".formatted(failed);
        if (counted.isEmpty()) {
            return "| %s%s | – | – | – | – | – | – |%n".formatted(what, note);
        }
        double median = median(counted, Measurement::seconds);
        return "| %s%s | %.2f s | %.2f–%.2f s | %.2f | %.2f s | %.2f s | %.2f s |%n"
                .formatted(
                        what,
                        note,
                        median,
                        counted.stream().mapToDouble(Measurement::seconds).min().orElseThrow(),
                        counted.stream().mapToDouble(Measurement::seconds).max().orElseThrow(),
                        median / warp,
                        median(counted, run -> run.cpu().client()),
                        median(counted, run -> run.cpu().source()),
                        median(counted, run -> run.cpu().destination()));
    }

    private List<Measurement> counted(String what) {
        return runs.stream().filter(run -> run.what().equals(what) && run.counts()).toList();
    }

    private String loads() {
        return "%.1f to %.1f before a run"
                .formatted(
                        runs.stream().mapToDouble(Measurement::load).min().orElse(machine.load()),
                        runs.stream().mapToDouble(Measurement::load).max().orElse(machine.load()));
    }

    /** The middle one, or the mean of the two in the middle; NaN of none. */
    static double median(List<Measurement> runs, ToDoubleFunction<Measurement> value) {
        double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
