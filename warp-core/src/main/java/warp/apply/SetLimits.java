package warp.apply;

/**
 * How large a set is.
 *
 * @param transactions at which it is full
 * @param changes at which it is full
 * @param bytes of heap at which it is full, roughly; it holds at most a third more
 * @param worthIt changes below which statements of their own cost less than a set
 * @param pause transactions applied in order after a set was not worth it; twice as many after each
 *     more in a row
 */
record SetLimits(int transactions, int changes, long bytes, int worthIt, int pause) {

    static final SetLimits USUAL = new SetLimits(5000, 20_000, 6L * 1024 * 1024, 500, 500);

    /** What it may hold of changes while a transaction comes in. */
    long changesMax() {
        return changes * 4L / 3;
    }

    /** What it may hold of bytes while a transaction comes in. */
    long bytesMax() {
        return bytes / 3 * 4;
    }
}
