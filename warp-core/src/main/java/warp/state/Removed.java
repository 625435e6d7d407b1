package warp.state;

import java.util.List;
import java.util.Locale;
import warp.model.TableName;

/**
 * A row of {@code warp.removed}: something that Warp took away from the destination and owes it.
 *
 * @param number orders the rows of a migration as they were taken away
 * @param object name of the index, constraint or trigger, as in the catalog
 * @param statements restore it, run in order in one transaction
 */
public record Removed(
        int number, Kind kind, TableName table, String object, List<String> statements) {

    public Removed {
        statements = List.copyOf(statements);
    }

    /** What is owed, in the order in which it can be put back: each needs those before it. */
    public enum Kind {
        /** An index, still without the constraint that owns it. */
        INDEX,
        /** What is made of an index: a key constraint, CLUSTER ON, REPLICA IDENTITY. */
        KEY,
        /** A constraint that old rows may break: NOT VALID. */
        CHECK,
        /** A foreign key that is not checked against the rows there are. */
        FOREIGN_KEY,
        /** The check of a foreign key. */
        VALIDATION,
        /** A foreign key that waits for the end of the migration, not checked yet. */
        REFERENCE,
        /** The check of such a foreign key. */
        REFERENCE_CHECK,
        /** A rule's state. */
        RULE,
        /** A trigger's state. */
        TRIGGER,
        /** An event trigger's state; it belongs to no table. */
        EVENT_TRIGGER;

        /** {@code foreign key} and so on. */
        @Override
        public String toString() {
            return this == REFERENCE
                    ? FOREIGN_KEY.toString()
                    : name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** {@code index "orders_idx" of table public.orders}, for people. */
    public String describe() {
        return kind == Kind.EVENT_TRIGGER
                ? "%s \"%s\"".formatted(kind, object)
                : "%s \"%s\" of table %s".formatted(kind, object, table);
    }
}
