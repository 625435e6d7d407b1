package warp.soak;

/** What a run of Warp is at, in the order of a migration. */
enum SoakPhase {
    /** It looks at both sides, or cannot reach them. */
    CHECKS,
    PREPARE,
    SCHEMA,
    COPY,
    INDEX,
    REPLICATE,
    CLEAN;

    /** Whether a run that has said this does something. */
    static boolean isPastChecks(String said) {
        return said.contains("Creating ") || said.contains("Resuming: ");
    }
}
