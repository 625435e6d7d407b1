package warp.apply;

import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * Rows that one transaction updates or deletes one after the other could not be so together. That
 * says nothing about the changes, and nothing of the batch is committed: the transaction is to be
 * applied once more, row by row ({@link ApplyPlan#rowByRow}).
 */
public final class RunRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int transactionId;
    private final WarpException problem;

    RunRefused(int transactionId, WarpException problem) {
        super(problem.getMessage(), problem);
        this.transactionId = transactionId;
        this.problem = problem;
    }

    /** The problem itself where it is the session's or the server's, not the statement's. */
    static RuntimeException orLost(int transactionId, WarpException problem) {
        return problem.code() == ErrorCode.CONFLICT || problem.code() == ErrorCode.STATEMENT
                ? new RunRefused(transactionId, problem)
                : problem;
    }

    /** The source's transaction. */
    public int transactionId() {
        return transactionId;
    }

    public WarpException problem() {
        return problem;
    }
}
