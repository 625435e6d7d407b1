package warp.postgres;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.wire.ServerError;
import warp.postgres.wire.WireException;

/**
 * Turns what drivers and servers throw into {@link WarpException}s: the one place where a SQLSTATE
 * becomes an {@link ErrorCode}, hence exit code and retry class ("PostgreSQL Error Codes" in the
 * manual).
 */
public final class ServerErrors {

    private ServerErrors() {}

    /** The error for an SQLSTATE: by class, with the exceptions that matter. */
    public static ErrorCode classify(String sqlState) {
        return switch (sqlState) {
            case "40001", "40P01", "55P03", "57014", "25P03", "57P05", "25P04" ->
                    ErrorCode.TRANSIENT;
            case "57P01", "57P02", "57P03", "53300" -> ErrorCode.CONNECTION;
            case "53100" -> ErrorCode.OUT_OF_SPACE;
            case "42501" -> ErrorCode.PRIVILEGE;
            case "3D000", "28000", "28P01" -> ErrorCode.LOGIN;
            // Raised for an object of a slot that somebody else uses just now.
            case "55006" -> ErrorCode.STATE;
            default -> {
                if (sqlState.startsWith("08")) {
                    yield ErrorCode.CONNECTION;
                } else if (sqlState.startsWith("28")) {
                    yield ErrorCode.LOGIN;
                }
                yield ErrorCode.STATEMENT;
            }
        };
    }

    /** For a failure of the raw protocol. */
    public static WarpException from(Side side, IOException problem) {
        if (problem instanceof WireException refused) {
            return from(side, refused.error());
        }
        return new WarpException(
                        ErrorCode.CONNECTION,
                        "the connection was lost: " + messageOf(problem),
                        problem)
                .at(side);
    }

    /** For an ErrorResponse. */
    public static WarpException from(Side side, ServerError error) {
        WarpException result =
                new WarpException(classify(error.sqlState()), error.message())
                        .at(side)
                        .sqlState(error.sqlState());
        if (error.hint() != null) {
            result.hint(error.hint());
        }
        return result;
    }

    /** For a failed statement of an ordinary session. */
    public static WarpException from(Side side, SQLException problem) {
        String state = problem.getSQLState();
        ServerErrorMessage said = said(problem);
        String message = said == null ? messageOf(problem) : String.valueOf(said.getMessage());
        ErrorCode code = state == null ? ErrorCode.CONNECTION : classify(state);
        WarpException result = new WarpException(code, message, problem).at(side).sqlState(state);
        if (said != null && said.getHint() != null) {
            result.hint(said.getHint());
        }
        return result;
    }

    static @Nullable ServerErrorMessage said(SQLException problem) {
        return problem instanceof PSQLException known ? known.getServerErrorMessage() : null;
    }

    static String messageOf(Throwable problem) {
        Throwable deepest = problem;
        while (deepest.getCause() != null && deepest.getMessage() == null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null ? deepest.getClass().getSimpleName() : message;
    }
}
