package warp.model;

import org.jspecify.annotations.Nullable;

/**
 * What to do with a table whose updates and deletes cannot be replicated as it is: it has no
 * primary key and no replica identity. For a table that has one, it says nothing.
 */
public sealed interface Keyless {

    /**
     * Rows are told apart by a unique index: Warp sets {@code REPLICA IDENTITY USING INDEX} at the
     * source and puts back what was there when it cleans.
     *
     * @param index its name, in the table's schema; null for the smallest that fits
     */
    record UniqueIndex(@Nullable String index) implements Keyless {
        @Override
        public String toString() {
            return index == null ? "unique-index" : "unique-index " + index;
        }
    }

    /** By all columns: as above with {@code REPLICA IDENTITY FULL}, at the cost of more log. */
    record Full() implements Keyless {
        @Override
        public String toString() {
            return "full";
        }
    }

    /** Only what is inserted arrives; updates and deletes are left out. */
    record InsertsOnly() implements Keyless {
        @Override
        public String toString() {
            return "inserts-only";
        }
    }

    /** The table is left out. */
    record Exclude() implements Keyless {
        @Override
        public String toString() {
            return "exclude";
        }
    }
}
