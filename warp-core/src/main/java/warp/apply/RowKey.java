package warp.apply;

import org.jspecify.annotations.Nullable;
import warp.model.Tuple;

/**
 * The key of a row as a key of a map: the bytes of its key columns. The order puts shorter values
 * first, so that numbers come in theirs, and rows that are neighbours in the index together.
 */
final class RowKey implements Comparable<RowKey> {

    private final Tuple tuple;
    private final int[] columns;
    private final int hash;

    /** Decides most comparisons: the length of the first value, and how that begins. */
    private final long rank;

    /**
     * @param tuple has a value in each of {@code columns}
     * @param columns indexes of the key's columns, at least one; shared, not to be written to
     */
    RowKey(Tuple tuple, int[] columns) {
        this.tuple = tuple;
        this.columns = columns;
        int result = 0;
        byte[] data = tuple.data();
        for (int column : columns) {
            int from = tuple.offset(column);
            int to = from + tuple.length(column);
            result = result * 31 + tuple.length(column);
            for (int i = from; i < to; i++) {
                result = result * 31 + data[i];
            }
        }
        this.hash = result;
        this.rank = rank(data, tuple.offset(columns[0]), tuple.length(columns[0]));
    }

    private static long rank(byte[] data, int from, int length) {
        long rank = Math.min(length, 255);
        for (int i = 0; i < 7; i++) {
            rank = rank << 8 | (i < length ? data[from + i] & 0xFF : 0);
        }
        return rank;
    }

    /** Holds the key's values. */
    Tuple tuple() {
        return tuple;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof RowKey that) || hash != that.hash) {
            return false;
        }
        for (int column : columns) {
            if (!tuple.sameValue(column, that.tuple)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public int compareTo(RowKey that) {
        return rank == that.rank ? compareValues(that) : Long.compareUnsigned(rank, that.rank);
    }

    private int compareValues(RowKey that) {
        for (int column : columns) {
            int length = tuple.length(column);
            int result = Integer.compare(length, that.tuple.length(column));
            if (result == 0) {
                result =
                        java.util.Arrays.compareUnsigned(
                                tuple.data(),
                                tuple.offset(column),
                                tuple.offset(column) + length,
                                that.tuple.data(),
                                that.tuple.offset(column),
                                that.tuple.offset(column) + length);
            }
            if (result != 0) {
                return result;
            }
        }
        return 0;
    }
}
