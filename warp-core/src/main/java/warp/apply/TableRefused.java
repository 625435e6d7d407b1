package warp.apply;

import warp.error.WarpException;
import warp.model.TableName;

/**
 * The destination refused a change for what its table is like now, not for the rows that are there:
 * a value that does not fit a type, a NULL that it does not take, a column that is gone. Nothing of
 * the batch is committed; the table is to be held from this transaction on.
 */
public final class TableRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient TableName table;
    private final int transactionId;
    private final WarpException problem;

    TableRefused(TableName table, int transactionId, WarpException problem) {
        super(problem.getMessage(), problem);
        this.table = table;
        this.transactionId = transactionId;
        this.problem = problem;
    }

    /** As the migration calls it. */
    public TableName table() {
        return table;
    }

    /** The source's transaction; 0 for a held change that was refused again. */
    public int transactionId() {
        return transactionId;
    }

    public WarpException problem() {
        return problem;
    }

    /** Whether an SQLSTATE tells of the table's definition rather than of its rows. */
    static boolean isMeantBy(String sqlState) {
        return sqlState.startsWith("22")
                || sqlState.startsWith("42")
                || sqlState.equals("23502")
                || sqlState.equals("23514")
                || sqlState.equals("0A000")
                || sqlState.equals("55000");
    }
}
