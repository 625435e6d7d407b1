package warp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What databases of different numbers of tables took.
 *
 * @param settings of both servers, where they differ from PostgreSQL's own
 * @param machine before the first run
 */
record CatalogReport(
        Instant begun,
        String serverVersion,
        Map<String, String> settings,
        Machine machine,
        List<Run> runs)
        implements Outcome {

    private static final double MEGABYTE = 1024.0 * 1024;

    /**
     * One number of tables.
     *
     * @param filled how many of them have rows
     * @param steps seconds on the clock by what Warp said it was doing
     * @param peakBytes the most memory that Warp's process had resident in any of its runs
     * @param checkCpu processor time of {@code warp check}, nearly all of it catalog queries
     */
    record Run(
            int tables,
            int indexes,
            int filled,
            Map<CatalogBench.Step, Double> steps,
            CpuSeconds checkCpu,
            long peakBytes,
            double load) {

        double seconds(CatalogBench.Step step) {
            return steps.getOrDefault(step, Double.NaN);
        }
    }

    @Override
    public boolean complete() {
        return !runs.isEmpty();
    }

    @Override
    public String table() {
        StringBuilder text = new StringBuilder();
        text.append("%nbench catalog: small tables with three indexes each%n".formatted());
        text.append("servers: PostgreSQL %s, both sides; %s%n".formatted(serverVersion, settings));
        text.append(
                "machine: %s; load %.1f to %.1f before a run%n%n"
                        .formatted(
                                machine,
                                runs.stream().mapToDouble(Run::load).min().orElse(0),
                                runs.stream().mapToDouble(Run::load).max().orElse(0)));
        text.append("| tables | indexes | with rows ");
        for (CatalogBench.Step step : CatalogBench.Step.values()) {
            text.append("| ").append(step.title()).append(' ');
        }
        text.append(
                "| CPU of the check: client | source | destination | peak memory |%n".formatted());
        text.append("|--:".repeat(7 + CatalogBench.Step.values().length)).append("|%n".formatted());
        runs.forEach(run -> text.append(row(run)));
        return text.toString();
    }

    private static String row(Run run) {
        StringBuilder row = new StringBuilder();
        row.append("| %,d | %,d | %,d ".formatted(run.tables(), run.indexes(), run.filled()));
        for (CatalogBench.Step step : CatalogBench.Step.values()) {
            row.append("| %.1f s ".formatted(run.seconds(step)));
        }
        row.append(
                "| %.1f s | %.1f s | %.1f s | %.0f MB |%n"
                        .formatted(
                                run.checkCpu().client(),
                                run.checkCpu().source(),
                                run.checkCpu().destination(),
                                run.peakBytes() / MEGABYTE));
        return row.toString();
    }

    @Override
    public List<Path> write(Path folder) throws IOException {
        return List.of(
                Circumstances.write(folder, "catalog-pg%s.json".formatted(serverVersion), this));
    }
}
