package warp.error;

/**
 * The closed list of what can go wrong while operating, each with the exit code that the process
 * ends with and whether trying again by itself can help. Programmer's errors are not here: they are
 * unchecked Java exceptions and end with {@link ExitCode#DEFECT}.
 */
public enum ErrorCode {
    /** A switch that does not exist or does not fit. */
    USAGE(ExitCode.USAGE, Retry.NEVER),
    /** A config file, URL, service or password file that cannot be understood. */
    CONFIG(ExitCode.USAGE, Retry.NEVER),
    /** A preparation check failed. */
    CHECK(ExitCode.CHECK_FAILED, Retry.NEVER),
    /** A question was answered with no, or could not be asked. */
    REFUSED(ExitCode.NEEDS_PERSON, Retry.NEVER),
    /**
     * No connection: host, port, name lookup, time-out, connection lost, server shutting down, too
     * many clients.
     */
    CONNECTION(ExitCode.UNREACHABLE, Retry.LATER),
    /** The server refuses the login: password, pg_hba, unknown role or database, TLS. */
    LOGIN(ExitCode.UNREACHABLE, Retry.NEVER),
    /**
     * The server stopped a statement for a passing reason: deadlock, serialization, lock or
     * statement time-out, memory; or a snapshot is gone.
     */
    TRANSIENT(ExitCode.UNREACHABLE, Retry.LATER),
    /**
     * The server takes no writes just now: a standby, or one that its owner or its cloud closed.
     */
    READ_ONLY(ExitCode.NEEDS_PERSON, Retry.LATER),
    /** The disk of a server, or of this machine, is full. */
    OUT_OF_SPACE(ExitCode.NEEDS_PERSON, Retry.NEVER),
    /** A missing privilege. */
    PRIVILEGE(ExitCode.NEEDS_PERSON, Retry.NEVER),
    /** A statement failed at a server for any other reason; the message quotes the server. */
    STATEMENT(ExitCode.NEEDS_PERSON, Retry.NEVER),
    /** Bytes of the change stream that do not follow the plugin's format. */
    MALFORMED(ExitCode.NEEDS_PERSON, Retry.NEVER),
    /**
     * The destination is not what the change stream expects: a row missing, a table or column
     * missing.
     */
    CONFLICT(ExitCode.NEEDS_PERSON, Retry.NEVER),
    /**
     * The migration's own state forbids to go on: slot lost, another Warp at work, another source.
     */
    STATE(ExitCode.NEEDS_PERSON, Retry.NEVER),
    /** A file of this machine cannot be read or written. */
    FILE(ExitCode.USAGE, Retry.NEVER),
    /** Ctrl-C. */
    INTERRUPTED(ExitCode.INTERRUPTED, Retry.NEVER);

    /** Whether Warp tries again by itself. */
    public enum Retry {
        NEVER,
        LATER
    }

    private final ExitCode exitCode;
    private final Retry retry;

    ErrorCode(ExitCode exitCode, Retry retry) {
        this.exitCode = exitCode;
        this.retry = retry;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public Retry retry() {
        return retry;
    }
}
