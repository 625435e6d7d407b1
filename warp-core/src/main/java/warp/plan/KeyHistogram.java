package warp.plan;

import java.util.List;

/**
 * Bounds between which the values of a key column lie about evenly ({@code
 * pg_stats.histogram_bounds}).
 *
 * @param column a column that leads a unique b-tree index and is NOT NULL
 * @param bounds text forms, ascending as the type sorts; the first and the last are the least and
 *     the greatest value seen
 */
public record KeyHistogram(String column, List<String> bounds) {

    public KeyHistogram {
        bounds = List.copyOf(bounds);
    }

    /** Counts only: bounds are values, and values never reach a log. */
    @Override
    public String toString() {
        return "KeyHistogram[" + column + ", " + bounds.size() + " bounds]";
    }
}
