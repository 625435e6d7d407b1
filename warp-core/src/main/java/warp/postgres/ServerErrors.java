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

    /**
     * The error for an SQLSTATE: by its own meaning where that decides, else by its class.
     *
     * <p>What is tried again, by {@link ErrorCode#retry}, is what can pass while nobody does
     * anything at Warp's side: connections, shutdowns, time-outs, conflicts with others, memory.
     * What a person must mend ends the run at once: privileges, a full disk, damaged files. So does
     * XX000, internal_error, which extensions raise for whatever is wrong with a row or an index.
     */
    public static ErrorCode classify(String sqlState) {
        return switch (sqlState) {
            // read_only_sql_transaction: a standby, or a primary that was closed for writes
            case "25006" -> ErrorCode.READ_ONLY;
            // idle_in_transaction_session_timeout, transaction_timeout
            case "25P03", "25P04" -> ErrorCode.TRANSIENT;
            // transaction_integrity_constraint_violation is the only one of its class that stays
            case "40002" -> ErrorCode.STATEMENT;
            case "42501" -> ErrorCode.PRIVILEGE;
            case "53100" -> ErrorCode.OUT_OF_SPACE;
            case "53300" -> ErrorCode.CONNECTION;
            // configuration_limit_exceeded: temp_file_limit, max_replication_slots
            case "53400" -> ErrorCode.STATEMENT;
            // object_in_use, lock_not_available
            case "55006", "55P03" -> ErrorCode.TRANSIENT;
            // database_dropped: the login that follows says the same
            case "57P04" -> ErrorCode.LOGIN;
            // query_canceled; what else an operator did has ended the session
            case "57014" -> ErrorCode.TRANSIENT;
            // system_error, io_error; the others of the class speak of files that are gone
            case "58000", "58030" -> ErrorCode.TRANSIENT;
            default -> classifyByClass(sqlState);
        };
    }

    private static ErrorCode classifyByClass(String sqlState) {
        return switch (sqlState.substring(0, Math.min(2, sqlState.length()))) {
            // connection_exception, operator_intervention
            case "08", "57" -> ErrorCode.CONNECTION;
            // invalid_authorization_specification, invalid_catalog_name (an unknown database)
            case "28", "3D" -> ErrorCode.LOGIN;
            // transaction_rollback, insufficient_resources, snapshot_too_old
            case "40", "53", "72" -> ErrorCode.TRANSIENT;
            default -> ErrorCode.STATEMENT;
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

    /** For a connection that was cut because nothing came through it any more. */
    public static WarpException silent(Side side, String verdict, Exception problem) {
        return new WarpException(
                        ErrorCode.CONNECTION, "the connection was given up: " + verdict, problem)
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
        return advised(result);
    }

    /** Adds what a person can do where the server's own words do not say it. */
    public static WarpException advised(WarpException problem) {
        switch (problem.code()) {
            case OUT_OF_SPACE ->
                    problem.hint(
                            "Make room on that server's disk (its log names the file), then run the"
                                    + " same command again: it goes on from here.");
            case READ_ONLY ->
                    problem.hint(
                            "The server takes no writes: it is a standby, or was closed by its"
                                + " owner or its cloud (when its disk is full, for instance). With"
                                + " several hosts in the URL add target_session_attrs=read-write.");
            case PRIVILEGE ->
                    problem.hint(
                            "warp check names what is missing, with the GRANT; then run the same"
                                    + " command again. What roles need: docs/privileges.md");
            case USAGE,
                    CONFIG,
                    CHECK,
                    REFUSED,
                    CONNECTION,
                    LOGIN,
                    TRANSIENT,
                    STATEMENT,
                    MALFORMED,
                    CONFLICT,
                    STATE,
                    FILE,
                    INTERRUPTED -> {
                // The message is all there is to say here.
            }
        }
        return problem;
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
        return advised(result);
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
