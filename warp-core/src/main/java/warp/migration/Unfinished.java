package warp.migration;

import java.util.ArrayList;
import java.util.List;
import warp.error.ExitCode;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.state.Failure;
import warp.state.FailureStore;
import warp.state.RemovedStore;

/**
 * What the destination still lacks though everything else is done: objects of the schema that it
 * refused, indexes and keys that could not be put back. It is written down at the destination, so
 * that every run says it again, until it is there or {@code --clean} forgets it.
 */
record Unfinished(List<Failure> failures) {

    private static final int NAMES_SHOWN = 20;

    Unfinished {
        failures = List.copyOf(failures);
    }

    /** What is written down. */
    static Unfinished read(Session destination, String slot) {
        List<Failure> failures = new ArrayList<>(new RemovedStore(destination, slot).refused());
        failures.addAll(new FailureStore(destination, slot).all());
        return new Unfinished(failures);
    }

    /** One warning for all: what was said of each is far up in the log by now. */
    void say(EventLog log) {
        if (failures.isEmpty()) {
            return;
        }
        List<String> shown = new ArrayList<>();
        for (Failure failure : failures.subList(0, Math.min(NAMES_SHOWN, failures.size()))) {
            shown.add(failure.describe());
            shown.add("statement: " + failure.statement() + ";");
        }
        if (failures.size() > NAMES_SHOWN) {
            shown.add("and %d more".formatted(failures.size() - NAMES_SHOWN));
        }
        shown.add(
                "All of them: SELECT * FROM warp.failure; SELECT * FROM warp.removed; Mend the"
                        + " cause, or make them by hand, and run the same command again.");
        log.warn(
                failures.size() == 1
                        ? "1 object of the source could not be made at the destination"
                        : failures.size()
                                + " objects of the source could not be made at the destination",
                shown);
    }

    /** The code of a migration that reached its end. */
    ExitCode code() {
        return failures.isEmpty() ? ExitCode.DONE : ExitCode.INCOMPLETE;
    }
}
