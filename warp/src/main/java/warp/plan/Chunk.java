package warp.plan;

import java.util.Optional;
import warp.model.TableName;

/**
 * What one worker copies in one transaction.
 *
 * @param number from 0, in the order of the ranges, without holes within a table
 * @param range which rows; empty for the whole table
 * @param bytesEstimated what they take at the source, TOAST included; 0 or more
 */
public record Chunk(TableName table, int number, Optional<Range> range, long bytesEstimated) {

    public Chunk {
        if (number < 0 || bytesEstimated < 0) {
            throw new IllegalArgumentException("negative number or size");
        }
    }

    /** Whether it is all of its table: then the destination may load it with FREEZE. */
    public boolean isWholeTable() {
        return range.isEmpty();
    }
}
