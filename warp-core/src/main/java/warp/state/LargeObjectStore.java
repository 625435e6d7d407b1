package warp.state;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warp.postgres.Row;
import warp.postgres.Session;

/**
 * The table {@code warp.large_object} for one migration: which large objects of the destination are
 * its own, and what they were like at the source. For the session's thread; every method is part of
 * the session's transaction where one is open.
 */
public final class LargeObjectStore {

    private final Session destination;
    private final String slot;

    public LargeObjectStore(Session destination, String slot) {
        this.destination = destination;
        this.slot = slot;
    }

    /** Whether there is such a table: a migration has begun. */
    public boolean isInstalled() {
        return destination.hasLasting("warp.large_object");
    }

    /** Whether any object of the destination is this migration's. */
    public boolean isEmpty() {
        return destination
                .queryFirst("SELECT 1 AS one FROM warp.large_object WHERE slot = ? LIMIT 1", slot)
                .isEmpty();
    }

    /**
     * The marks of its own objects by OID.
     *
     * @param after OIDs greater than this
     * @param upTo and not greater than this
     */
    public Map<Long, String> marks(long after, long upTo) {
        Map<Long, String> marks = new HashMap<>();
        for (Row row :
                destination.query(
                        "SELECT oid::int8 AS oid, mark FROM warp.large_object WHERE slot = ?"
                                + " AND oid > ?::int8::oid AND oid <= ?::int8::oid",
                        slot,
                        after,
                        upTo)) {
            marks.put(row.number("oid"), row.text("mark"));
        }
        return marks;
    }

    /** These are its own now, and like this. */
    public void put(Map<Long, String> marks) {
        remove(marks.keySet());
        List<Map.Entry<Long, String>> entries = List.copyOf(marks.entrySet());
        destination.execute(
                "INSERT INTO warp.large_object (slot, oid, mark) SELECT ?, o.oid::oid, o.mark FROM"
                        + " unnest(?::text[], ?::text[]) o (oid, mark)",
                slot,
                entries.stream().map(entry -> entry.getKey().toString()).toList(),
                entries.stream().map(Map.Entry::getValue).toList());
    }

    /** These are its own no more. */
    public void remove(Collection<Long> oids) {
        destination.execute(
                "DELETE FROM warp.large_object WHERE slot = ? AND oid = ANY (?::text[]::oid[])",
                slot,
                oids.stream().map(Object::toString).toList());
    }
}
