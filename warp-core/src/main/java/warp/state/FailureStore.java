package warp.state;

import java.util.List;
import warp.postgres.Session;

/**
 * The table {@code warp.failure} for one migration. For the session's thread; every method is part
 * of the session's transaction where one is open.
 */
public final class FailureStore {

    private final Session destination;
    private final String slot;

    public FailureStore(Session destination, String slot) {
        this.destination = destination;
        this.slot = slot;
    }

    /** Every failure, in the order in which they can be tried again; empty without schema. */
    public List<Failure> all() {
        if (!destination.hasLasting("warp.failure")) {
            return List.of();
        }
        return destination
                .query(
                        "SELECT number, object_name, make_sql, sql_state, message FROM warp.failure"
                                + " WHERE slot = ? ORDER BY number",
                        slot)
                .stream()
                .map(row ->
                        new Failure(
                                row.integer("number"),
                                row.text("object_name"),
                                row.texts("make_sql"),
                                row.text("sql_state"),
                                row.text("message")))
                .toList();
    }

    /** Adds one under the next number, whatever number it has. */
    public void add(Failure failure) {
        destination.execute(
                "INSERT INTO warp.failure (slot, number, object_name, make_sql, sql_state, message)"
                        + " SELECT ?, coalesce(max(number), 0) + 1, ?, ?::text[], ?, ? FROM"
                        + " warp.failure WHERE slot = ?",
                slot,
                failure.object(),
                failure.statements(),
                failure.sqlState(),
                failure.message(),
                slot);
    }

    /** Writes down what the last attempt brought; the number tells which. */
    public void change(Failure failure) {
        destination.execute(
                "UPDATE warp.failure SET sql_state = ?, message = ?, failed_at = pg_catalog.now()"
                        + " WHERE slot = ? AND number = ?",
                failure.sqlState(),
                failure.message(),
                slot,
                failure.number());
    }

    /** The object is there. */
    public void settle(Failure failure) {
        destination.execute(
                "DELETE FROM warp.failure WHERE slot = ? AND number = ?", slot, failure.number());
    }

    /** The schema is made anew: what failed before does not count. */
    public void clear() {
        destination.execute("DELETE FROM warp.failure WHERE slot = ?", slot);
    }
}
