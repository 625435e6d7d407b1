package warp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Warp alone takes for things that have an aim.
 *
 * @param aims by what is measured
 */
record AimReport(Circumstances about, Runs runs, Map<String, Aim> aims) implements Outcome {

    private static final double MEGABYTE = 1024.0 * 1024;

    /** What is not to be passed; empty where nothing is said. */
    record Aim(Optional<Double> seconds, Optional<Integer> megabytes) {

        static final Aim NONE = new Aim(Optional.empty(), Optional.empty());

        static Aim seconds(double most) {
            return new Aim(Optional.of(most), Optional.empty());
        }

        static Aim megabytes(int most) {
            return new Aim(Optional.empty(), Optional.of(most));
        }
    }

    @Override
    public boolean complete() {
        return runs.complete();
    }

    @Override
    public String table() {
        StringBuilder text = new StringBuilder(about.head(runs));
        text.append("| what | median | min–max | aim | CPU: client | source | destination |");
        text.append(" peak memory | aim |%n|---|%s%n".formatted("--:|".repeat(8)));
        runs.names().forEach(what -> text.append(row(what)));
        return text.toString();
    }

    private String row(String what) {
        Runs counted = runs.counted(what);
        if (counted.isEmpty()) {
            return "| %s |%s%n".formatted(runs.named(what), " – |".repeat(8));
        }
        Aim aim = aims.getOrDefault(what, Aim.NONE);
        double seconds = counted.median(Measurement::seconds);
        double megabytes = counted.median(Measurement::peakBytes) / MEGABYTE;
        return "| %s | %s | %s | %s | %.0f MB | %s |%n"
                .formatted(
                        runs.named(what),
                        counted.secondsAndSpread(),
                        aim.seconds()
                                .map(most -> "%.2f s, %s".formatted(most, word(seconds < most)))
                                .orElse("–"),
                        counted.cpu(),
                        megabytes,
                        aim.megabytes()
                                .map(most -> "%d MB, %s".formatted(most, word(megabytes < most)))
                                .orElse("–"));
    }

    private static String word(boolean met) {
        return met ? "met" : "missed";
    }

    @Override
    public List<Path> write(Path folder) throws IOException {
        return List.of(about.write(folder, this));
    }
}
