package warp.copy;

import java.util.Set;
import warp.copy.CopyJob.CopyChunk;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/** Says of a failure which chunk it was, and keeps row values out of what is said. */
final class CopyFailure {

    /** What SET TRANSACTION SNAPSHOT gives for a snapshot that is gone, by version. */
    private static final Set<String> NO_SNAPSHOT = Set.of("22023", "42704", "55000");

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private CopyFailure() {}

    static WarpException explain(WarpException problem, CopyChunk job, String snapshot) {
        String what =
                job.chunk().isWholeTable()
                        ? "copying %s".formatted(job.table().name())
                        : "copying chunk %d of %s"
                                .formatted(job.chunk().number(), job.table().name());
        if (isLostSnapshot(problem)) {
            return new WarpException(
                            ErrorCode.STATE,
                            "%s: the snapshot %s is gone".formatted(what, snapshot))
                    .at(Side.SOURCE)
                    .sqlState(problem.sqlState().orElse(null))
                    .hint(
                            "run the same command again: what is not copied yet is copied as of a"
                                    + " new snapshot");
        }
        // The server's own exception is not chained: its text may quote a value.
        WarpException explained =
                new WarpException(problem.code(), what + ": " + withoutValues(problem))
                        .sqlState(problem.sqlState().orElse(null));
        problem.side().ifPresent(explained::at);
        problem.hints().forEach(explained::hint);
        return explained;
    }

    /**
     * Whether only another snapshot helps: a session waited in vain for the source's locks, as
     * somebody who waits for those of the other sessions stands before it; or a table has another
     * file than the snapshot shows, which no SQLSTATE says as Warp itself found it.
     */
    static boolean needsAnotherSnapshot(WarpException problem) {
        return problem.code() == ErrorCode.TRANSIENT
                && problem.side().filter(side -> side == Side.SOURCE).isPresent()
                && (problem.hasSqlState(LOCK_NOT_AVAILABLE) || problem.sqlState().isEmpty());
    }

    private static boolean isLostSnapshot(WarpException problem) {
        return problem.side().filter(side -> side == Side.SOURCE).isPresent()
                && problem.sqlState().filter(NO_SNAPSHOT::contains).isPresent();
    }

    /** Errors of class 22, data exception, quote the value that does not fit. */
    private static String withoutValues(WarpException problem) {
        String message = String.valueOf(problem.getMessage());
        boolean quotes = problem.sqlState().filter(state -> state.startsWith("22")).isPresent();
        return quotes ? message.replaceAll("(?s)\".*\"", "\"…\"") : message;
    }
}
