package warp.error;

/** What the process tells its caller; stable, made for scripts and for Kubernetes Jobs. */
public enum ExitCode {
    DONE(0),
    USAGE(2),
    CHECK_FAILED(3),
    DIFFERENT(4),
    UNREACHABLE(5),
    NEEDS_PERSON(6),
    /** Done, but some objects could not be made; what they are is listed. */
    INCOMPLETE(7),
    DEFECT(70),
    INTERRUPTED(130),
    TERMINATED(143);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
