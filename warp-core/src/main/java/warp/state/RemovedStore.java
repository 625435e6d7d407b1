package warp.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import warp.model.TableName;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.Identifiers;

/**
 * The table {@code warp.removed} for one migration. For the session's thread; every method is part
 * of the session's transaction where one is open.
 */
public final class RemovedStore {

    private final Session destination;
    private final String slot;

    public RemovedStore(Session destination, String slot) {
        this.destination = destination;
        this.slot = slot;
    }

    /** Everything still owed, in the order in which it can be put back; empty without schema. */
    public List<Removed> all() {
        if (!destination.hasLasting("warp.removed")) {
            return List.of();
        }
        return destination
                .query(
                        "SELECT number, kind, schema_name, table_name, object_name, restore_sql"
                                + " FROM warp.removed WHERE slot = ?",
                        slot)
                .stream()
                .map(row ->
                        new Removed(
                                row.integer("number"),
                                Removed.Kind.valueOf(row.text("kind")),
                                new TableName(row.text("schema_name"), row.text("table_name")),
                                row.text("object_name"),
                                row.texts("restore_sql")))
                .sorted(Comparator.comparing(Removed::kind).thenComparingInt(Removed::number))
                .toList();
    }

    /** A number that no row has yet. */
    public int nextNumber() {
        return destination
                .queryOne(
                        "SELECT coalesce(max(number), 0) + 1 AS next FROM warp.removed"
                                + " WHERE slot = ?",
                        slot)
                .integer("next");
    }

    public void add(Removed removed) {
        destination.run(insert(List.of(removed)));
    }

    /**
     * Runs a statement and adds what undoes it, all or nothing, for one round trip.
     *
     * @param statement may run in a transaction
     */
    public void addWith(String statement, List<Removed> undoing) {
        destination.run(insert(undoing) + ";\n" + statement);
    }

    private String insert(List<Removed> rows) {
        return "INSERT INTO warp.removed (slot, number, kind, schema_name, table_name, object_name,"
                + " restore_sql) VALUES "
                + rows.stream().map(this::row).collect(Collectors.joining(", "));
    }

    private String row(Removed removed) {
        return "(%s, %d, %s, %s, %s, %s, %s::text[])"
                .formatted(
                        Identifiers.literal(slot),
                        removed.number(),
                        Identifiers.literal(removed.kind().name()),
                        Identifiers.literal(removed.table().schema()),
                        Identifiers.literal(removed.table().name()),
                        Identifiers.literal(removed.object()),
                        Identifiers.literal(Identifiers.arrayText(removed.statements())));
    }

    /** What was owed of these kinds is void. */
    public void forget(Collection<Removed.Kind> kinds) {
        destination.execute(
                "DELETE FROM warp.removed WHERE slot = ? AND kind = ANY (?::text[])",
                slot,
                kinds.stream().map(Removed.Kind::name).toList());
    }

    /** Writes down why it could not be put back. */
    public void refuse(int number, String sqlState, String message) {
        destination.execute(
                "UPDATE warp.removed SET sql_state = ?, message = ? WHERE slot = ? AND number = ?",
                sqlState,
                message,
                slot,
                number);
    }

    /** What could not be put back when it was last tried, as {@link #all} orders it. */
    public List<Failure> refused() {
        Map<Integer, Row> reasons = new HashMap<>();
        List<Removed> owed = all();
        if (owed.isEmpty()) {
            return List.of();
        }
        destination
                .query(
                        "SELECT number, sql_state, message FROM warp.removed WHERE slot = ? AND"
                                + " message IS NOT NULL",
                        slot)
                .forEach(row -> reasons.put(row.integer("number"), row));
        List<Failure> refused = new ArrayList<>();
        for (Removed removed : owed) {
            Row reason = reasons.get(removed.number());
            if (reason != null) {
                refused.add(
                        new Failure(
                                removed.number(),
                                removed.describe(),
                                removed.statements(),
                                reason.text("sql_state"),
                                reason.text("message")));
            }
        }
        return refused;
    }

    /** Takes a row off; false where another session was first, for which it waits. */
    public boolean settle(int number) {
        return destination.execute(
                        "DELETE FROM warp.removed WHERE slot = ? AND number = ?", slot, number)
                == 1;
    }
}
