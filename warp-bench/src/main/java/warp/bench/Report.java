package warp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Contestants side by side. */
record Report(Circumstances about, Runs runs, Optional<Limit> limit) implements Outcome {

    /** The contestant that the others are compared with. */
    static final String WARP = "Warp";

    /**
     * What no program can be faster than.
     *
     * @param seconds on the clock
     * @param meaning how it was found
     */
    record Limit(double seconds, String meaning) {

        String share(double secondsTaken) {
            return "%.0f %%".formatted(100 * seconds / secondsTaken);
        }
    }

    @Override
    public boolean complete() {
        return runs.complete();
    }

    @Override
    public String table() {
        StringBuilder text = new StringBuilder(about.head(runs));
        limit.ifPresent(known ->
                text.append("limit: %.2f s, %s%n%n".formatted(known.seconds(), known.meaning())));
        String of = limit.isPresent() ? " of the limit |" : "";
        text.append("| what | median | min–max | ratio to Warp |%s".formatted(of));
        text.append(" CPU: client | source | destination |%n".formatted());
        text.append("|---|--:|--:|--:|%s--:|--:|--:|%n".formatted(limit.isPresent() ? "--:|" : ""));
        double warp = runs.counted(WARP).median(Measurement::seconds);
        runs.names().forEach(what -> text.append(row(what, warp)));
        return text.toString();
    }

    @Override
    public List<Path> write(Path folder) throws IOException {
        return List.of(about.write(folder, this));
    }

    private String row(String what, double warp) {
        Runs counted = runs.counted(what);
        if (counted.isEmpty()) {
            return "| %s |%s%n"
                    .formatted(runs.named(what), " – |".repeat(limit.isPresent() ? 7 : 6));
        }
        double median = counted.median(Measurement::seconds);
        return "| %s | %s | %.2f |%s %s |%n"
                .formatted(
                        runs.named(what),
                        counted.secondsAndSpread(),
                        median / warp,
                        limit.map(known -> " %s |".formatted(known.share(median))).orElse(""),
                        counted.cpu());
    }
}
