package warp.state;

import java.util.List;
import warp.sql.VisibleText;

/**
 * A row of {@code warp.failure}, or of {@code warp.removed} where putting back failed: an object
 * that should be at the destination and is not, or not whole.
 *
 * @param number orders the failures of a migration; an object may need those before it
 * @param object {@code VIEW shop.sales}, for people
 * @param statements make what is missing, run in order in one transaction
 * @param sqlState what the server said, never empty
 * @param message what the server said
 */
public record Failure(
        int number, String object, List<String> statements, String sqlState, String message) {

    private static final int SHOWN_CHARACTERS_MAX = 2000;

    public Failure {
        statements = List.copyOf(statements);
        if (statements.isEmpty()) {
            throw new IllegalArgumentException("nothing would make " + object);
        }
    }

    /** The same after another attempt. */
    public Failure because(String state, String said) {
        return new Failure(number, object, statements, state, said);
    }

    /** The line for people; the statement is apart. */
    public String describe() {
        return "%s could not be made: destination: %s (SQLSTATE %s)"
                .formatted(object, message, sqlState);
    }

    /**
     * The first statement but settings, in one line, cut where it is very long, and before options
     * that may hold a password.
     */
    public String statement() {
        String first =
                statements.stream()
                        .filter(each -> !each.startsWith("SET "))
                        .findFirst()
                        .map(VisibleText::statement)
                        .orElseGet(() -> VisibleText.statement(statements.getFirst()));
        int options = first.indexOf(" OPTIONS (");
        if (options >= 0 && (object.startsWith("USER MAPPING") || object.startsWith("SERVER"))) {
            return first.substring(0, options) + " OPTIONS (…)";
        }
        return first.length() <= SHOWN_CHARACTERS_MAX
                ? first
                : first.substring(0, SHOWN_CHARACTERS_MAX) + "…";
    }
}
