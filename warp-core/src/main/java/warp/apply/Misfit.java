package warp.apply;

import java.util.List;

/**
 * A relation of the stream does not fit its table at the destination: the table is to be held from
 * the change on that came in this shape. Caught by whoever routes the change.
 */
final class Misfit extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> statements;

    /**
     * @param reason one sentence without a full stop
     * @param statements what would make it fit, as far as that can be told from here
     */
    Misfit(String reason, List<String> statements) {
        super(reason, null, false, false);
        this.statements = List.copyOf(statements);
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    List<String> statements() {
        return statements;
    }
}
