package warp.ddl;

import java.util.ArrayList;
import java.util.List;

/** What a person is to decide: why, and what would do it. */
final class Question {

    private final List<String> reasons = new ArrayList<>();
    private final List<String> statements = new ArrayList<>();

    /**
     * Adds to it.
     *
     * @param reason one sentence without a full stop
     * @param asked statements without semicolons, in order
     */
    void add(String reason, List<String> asked) {
        reasons.add(reason);
        asked.forEach(statement -> statements.add(statement + ";"));
    }

    boolean isEmpty() {
        return reasons.isEmpty();
    }

    /**
     * The question.
     *
     * @param copy whether the rows have to be copied again then
     */
    Verdict.Ask asked(boolean copy) {
        return new Verdict.Ask(String.join("; ", reasons), statements, copy);
    }
}
