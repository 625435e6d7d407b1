package warp.plan;

import org.jspecify.annotations.Nullable;

/** A part of a table's rows. The ranges of one table touch: no row is in two, none in no one. */
public sealed interface Range {

    /**
     * The rows whose {@code ctid} lies in pages {@code from} to {@code to}.
     *
     * @param from first page, from 0
     * @param to the page after the last; {@link #OPEN} for no end
     */
    record Pages(long from, long to) implements Range {

        /** No end: also the pages that the table grows by after it was planned. */
        public static final long OPEN = Long.MAX_VALUE;

        public Pages {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("not a range of pages: " + from + " to " + to);
            }
        }

        public boolean isOpen() {
            return to == OPEN;
        }
    }

    /**
     * The rows whose key column holds {@code from} or more and less than {@code to}, as the type
     * sorts.
     *
     * @param from text form of the type; null for no lower bound
     * @param to text form of the type; null for no upper bound
     */
    record Keys(String column, @Nullable String from, @Nullable String to) implements Range {

        public Keys {
            if (from == null && to == null) {
                throw new IllegalArgumentException("a range of keys has a bound");
            }
        }

        /** Counts only: keys are values, and values never reach a log. */
        @Override
        public String toString() {
            return "Keys["
                    + column
                    + (from == null ? ", from the first" : ", from a key")
                    + (to == null ? ", to the last]" : ", to a key]");
        }
    }
}
