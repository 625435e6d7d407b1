package warp.sql;

/**
 * Conditions that a person wrote: an SQL expression over the source's columns. It stands in
 * brackets wherever it is used, with a line end before the closing one, as it may end in a comment.
 */
public final class Filters {

    private Filters() {}

    /** The condition as one operand. */
    static String bracketed(String filter) {
        return "(" + filter + "\n)";
    }
}
