package warp.copy;

import java.util.List;
import warp.copy.CopyJob.CopyChunk;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.ExportedSnapshot;

/** Says of a failure which chunk, or chunks, it was, and keeps row values out of what is said. */
final class CopyFailure {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private CopyFailure() {}

    static WarpException explain(WarpException problem, List<CopyChunk> jobs, String snapshot) {
        CopyChunk first = jobs.getFirst();
        return jobs.size() == 1
                ? explain(problem, first, snapshot)
                : explain(
                        problem,
                        "copying %s and %d other small tables"
                                .formatted(first.table().name(), jobs.size() - 1),
                        snapshot);
    }

    static WarpException explain(WarpException problem, CopyChunk job, String snapshot) {
        return explain(
                problem,
                job.chunk().isWholeTable()
                        ? "copying %s".formatted(job.table().name())
                        : "copying chunk %d of %s"
                                .formatted(job.chunk().number(), job.table().name()),
                snapshot);
    }

    private static WarpException explain(WarpException problem, String what, String snapshot) {
        if (ExportedSnapshot.isLoss(problem)) {
            return new WarpException(
                            ErrorCode.TRANSIENT,
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
     * Whether a chunk need not be tried again alone: the snapshot is gone; a session waited in vain
     * for the source's locks, as somebody who waits for those of the other sessions stands before
     * it; a table has another file than the snapshot shows, or another content than was left there,
     * neither of which any SQLSTATE says, as Warp itself found it.
     */
    static boolean needsAnotherRun(WarpException problem) {
        boolean source = problem.side().filter(side -> side == Side.SOURCE).isPresent();
        return ExportedSnapshot.isLoss(problem)
                || (problem.code() == ErrorCode.TRANSIENT
                        && (problem.sqlState().isEmpty()
                                || (source && problem.hasSqlState(LOCK_NOT_AVAILABLE))));
    }

    /** Errors of class 22, data exception, quote the value that does not fit. */
    private static String withoutValues(WarpException problem) {
        String message = String.valueOf(problem.getMessage());
        boolean quotes = problem.sqlState().filter(state -> state.startsWith("22")).isPresent();
        return quotes ? message.replaceAll("(?s)\".*\"", "\"…\"") : message;
    }
}
