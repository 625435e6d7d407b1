package warp.preflight;

import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.model.Side;

/**
 * One result of a preparation check.
 *
 * @param where null where it concerns both sides or neither
 * @param message one sentence that names the object
 * @param hints what to check or to run; an ERROR has at least one
 */
public record Finding(Severity severity, @Nullable Side where, String message, List<String> hints) {

    public Finding {
        hints = List.copyOf(hints);
    }

    /** How much a finding matters. */
    public enum Severity {
        /** The migration would fail or lose something: it does not start. */
        ERROR,
        /** It starts, but something will be slow, missing or waiting. */
        WARNING,
        /** Worth knowing. */
        NOTE
    }

    /** {@code source: } or {@code destination: }, or nothing: to stand before the message. */
    public String place() {
        return where == null ? "" : where + ": ";
    }

    /** {@code ERROR: source: message} and a {@code HINT:} line for each hint. */
    public String report() {
        StringBuilder text = new StringBuilder(severity.name()).append(": ");
        text.append(place()).append(message);
        for (String hint : hints) {
            text.append(System.lineSeparator()).append("HINT: ").append(hint);
        }
        return text.toString();
    }
}
