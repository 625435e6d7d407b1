package warp.verify;

import java.math.BigDecimal;

/**
 * What a table's rows come to: equal for equal rows in any order, and, but for a chance of one in
 * 2^64, only for those.
 *
 * @param hashes the sum of each row's hash
 */
record TableSum(long rows, BigDecimal hashes) {

    static final TableSum NONE = new TableSum(0, BigDecimal.ZERO);

    TableSum plus(TableSum other) {
        return new TableSum(rows + other.rows, hashes.add(other.hashes));
    }

    boolean isSame(TableSum other) {
        return rows == other.rows && hashes.compareTo(other.hashes) == 0;
    }
}
