package warp.error;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.Side;

/**
 * An operating error: what a person, a network or a server can cause. The message is one sentence
 * for a tired person, without a secret; hints say what to check and what to run.
 *
 * <p>{@code throw new WarpException(ErrorCode.LOGIN, "…").at(Side.SOURCE).hint("…")}
 */
public final class WarpException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<String> hints = new ArrayList<>();
    private @Nullable Side side;
    private @Nullable String sqlState;
    private boolean givenUp;

    public WarpException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public WarpException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Says at which server it happened. */
    public WarpException at(Side where) {
        this.side = where;
        return this;
    }

    /** Says which SQLSTATE the server gave ("PostgreSQL Error Codes" in the manual). */
    public WarpException sqlState(@Nullable String state) {
        this.sqlState = state;
        return this;
    }

    /** Adds one line of advice: what to check, or a command that can be pasted. */
    public WarpException hint(String hint) {
        hints.add(hint);
        return this;
    }

    /** Says that it has been tried again for as long as is worth it: nobody tries any more. */
    public WarpException giveUp() {
        givenUp = true;
        return this;
    }

    /** Whether {@link #giveUp} was called. */
    public boolean isGivenUp() {
        return givenUp;
    }

    public ErrorCode code() {
        return code;
    }

    public Optional<Side> side() {
        return Optional.ofNullable(side);
    }

    public Optional<String> sqlState() {
        return Optional.ofNullable(sqlState);
    }

    public List<String> hints() {
        return List.copyOf(hints);
    }

    /** Whether the server gave exactly this SQLSTATE. */
    public boolean hasSqlState(String state) {
        return state.equals(sqlState);
    }

    /** {@code source: message (SQLSTATE 42501)}. */
    public String summary() {
        StringBuilder text = new StringBuilder();
        if (side != null) {
            text.append(side).append(": ");
        }
        text.append(getMessage());
        if (sqlState != null) {
            text.append(" (SQLSTATE ").append(sqlState).append(')');
        }
        return text.toString();
    }

    /** The summary and a {@code HINT:} line for each hint. */
    public String report() {
        StringBuilder text = new StringBuilder(summary());
        for (String hint : hints) {
            text.append(System.lineSeparator()).append("HINT: ").append(hint);
        }
        return text.toString();
    }
}
