package warp.preflight;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import warp.model.Side;

/** Collects what the checks find, so that all of it is reported at once. For one thread. */
final class Findings {

    /** Most objects that one finding names. */
    static final int NAMES_MAX = 20;

    private final List<Finding> all = new ArrayList<>();

    void error(Side where, String message, String... hints) {
        all.add(new Finding(Finding.Severity.ERROR, where, message, List.of(hints)));
    }

    void error(String message, String... hints) {
        all.add(new Finding(Finding.Severity.ERROR, null, message, List.of(hints)));
    }

    void warning(Side where, String message, String... hints) {
        all.add(new Finding(Finding.Severity.WARNING, where, message, List.of(hints)));
    }

    void warning(String message, String... hints) {
        all.add(new Finding(Finding.Severity.WARNING, null, message, List.of(hints)));
    }

    void note(Side where, String message, String... hints) {
        all.add(new Finding(Finding.Severity.NOTE, where, message, List.of(hints)));
    }

    /** What was found, in the order in which it was. */
    List<Finding> all() {
        return List.copyOf(all);
    }

    /** Errors first, then warnings, then notes, each in the order of the checks. */
    static List<Finding> inOrder(List<Finding> all) {
        return all.stream().sorted(Comparator.comparing(Finding::severity)).toList();
    }

    /** {@code a, b, c and 7 more}. */
    static String names(Collection<?> objects) {
        String named =
                objects.stream()
                        .limit(NAMES_MAX)
                        .map(Object::toString)
                        .collect(Collectors.joining(", "));
        int more = objects.size() - NAMES_MAX;
        return more > 0 ? named + " and " + more + " more" : named;
    }

    /** {@code 1 table} or {@code 3 tables}. */
    static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
