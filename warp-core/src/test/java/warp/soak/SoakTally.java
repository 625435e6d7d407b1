package warp.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What has happened in all rounds so far. For one thread. */
final class SoakTally {

    private final Map<String, Integer> kinds = new TreeMap<>();
    private final Map<SoakPhase, Integer> phases = new TreeMap<>();
    private int rounds;
    private int faults;
    private int starts;
    private long rows;

    /** A fault that has happened. */
    void fault(String kind, SoakPhase phase) {
        faults++;
        kinds.merge(kind, 1, Integer::sum);
        phases.merge(phase, 1, Integer::sum);
    }

    /** Warp has been started. */
    void start() {
        starts++;
    }

    /** A round has ended with both sides equal. */
    void round(long comparedRows) {
        rounds++;
        rows += comparedRows;
    }

    int faults() {
        return faults;
    }

    @Override
    public String toString() {
        return """
        %d rounds, %d faults survived in %d runs of Warp, %,d rows compared, no difference
          faults by kind:  %s
          faults by phase: %s\
        """
                .formatted(rounds, faults, starts, rows, shown(kinds), shown(phases));
    }

    private static String shown(Map<?, Integer> counts) {
        return counts.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }
}
