package warp.bench;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Everything measured in one contest, in order. */
record Runs(@JsonValue List<Measurement> all) {

    Runs {
        all = List.copyOf(all);
    }

    /** The contestants, in the order in which they came. */
    List<String> names() {
        return all.stream().map(Measurement::what).distinct().toList();
    }

    /** Those of one contestant that count. */
    Runs counted(String what) {
        return new Runs(
                all.stream().filter(run -> run.what().equals(what) && run.counts()).toList());
    }

    boolean complete() {
        return all.stream().allMatch(Measurement::counts);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The contestant's name, and how many of its runs failed if any did. */
    String named(String what) {
        long failed = all.stream().filter(run -> run.what().equals(what) && !run.counts()).count();
        return failed == 0 ? what : "%s (failed: %d)".formatted(what, failed);
    }

    /** The middle one, or the mean of the two in the middle; NaN of none. */
    double median(ToDoubleFunction<Measurement> value) {
        double[] sorted = all.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** {@code 4.00 s | 2.00–9.00 s}: cells of a table. */
    String secondsAndSpread() {
        return "%.2f s | %.2f–%.2f s"
                .formatted(
                        median(Measurement::seconds),
                        all.stream().mapToDouble(Measurement::seconds).min().orElse(Double.NaN),
                        all.stream().mapToDouble(Measurement::seconds).max().orElse(Double.NaN));
    }

    /** {@code 0.50 s | 1.00 s | 2.00 s}: cells of a table. */
    String cpu() {
        return "%.2f s | %.2f s | %.2f s"
                .formatted(
                        median(run -> run.cpu().client()),
                        median(run -> run.cpu().source()),
                        median(run -> run.cpu().destination()));
    }

    /**
     * @param otherwise the load if nothing was measured
     */
    String loads(double otherwise) {
        return "%.1f to %.1f before a run"
                .formatted(
                        all.stream().mapToDouble(Measurement::load).min().orElse(otherwise),
                        all.stream().mapToDouble(Measurement::load).max().orElse(otherwise));
    }
}
