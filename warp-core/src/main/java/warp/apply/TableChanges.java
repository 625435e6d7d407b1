package warp.apply;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Tuple;

/**
 * What changes in a set come to for one table: for each key one change at most. A new value beats
 * an older one; a value that an update left alone is that of the change before it, or stays what it
 * is at the destination. A change of key is a row deleted and another inserted.
 */
final class TableChanges {

    /** What happens to the row of a key at the destination. */
    enum Fate {
        /** There was none. */
        INSERTED,
        UPDATED,
        DELETED,
        /** Deleted, and another inserted with its key. */
        REPLACED,
        /** Inserted and deleted again: as if it had never been. */
        GONE
    }

    /** The row of a key. */
    static final class Net {
        private final RowKey key;
        private Fate fate;
        private @Nullable Tuple row;

        private Net(RowKey key, Fate fate, @Nullable Tuple row) {
            this.key = key;
            this.fate = fate;
            this.row = row;
        }

        RowKey key() {
            return key;
        }

        Fate fate() {
            return fate;
        }

        /** What it becomes; not for a row that is deleted. */
        Tuple row() {
            if (row == null) {
                throw new IllegalStateException("a deleted row");
            }
            return row;
        }
    }

    private final SetTable table;
    private final SetRelation relation;
    private final Map<RowKey, Net> byKey = new HashMap<>();
    private final List<Net> keyed = new ArrayList<>();
    private final List<Tuple> keyless = new ArrayList<>();

    TableChanges(SetTable table) {
        this.table = table;
        this.relation = table.relation();
    }

    SetTable table() {
        return table;
    }

    SetRelation relation() {
        return relation;
    }

    /** The changes of rows that have a key, in the order of the first change of each. */
    Iterable<Net> keyed() {
        return keyed;
    }

    private boolean first(RowKey key, Fate fate, @Nullable Tuple row) {
        Net net = new Net(key, fate, row);
        byKey.put(key, net);
        keyed.add(net);
        return true;
    }

    /** Rows inserted into a table without a key. */
    List<Tuple> keyless() {
        return keyless;
    }

    /**
     * Adds a change that the table can take in a set.
     *
     * @return false where it contradicts the changes before it
     */
    boolean insert(Tuple row) {
        if (!relation.hasKey()) {
            keyless.add(row);
            return true;
        }
        RowKey key = relation.key(row);
        Net net = byKey.get(key);
        if (net == null) {
            return first(key, Fate.INSERTED, row);
        }
        if (net.fate != Fate.DELETED) {
            return false;
        }
        net.fate = Fate.REPLACED;
        net.row = row;
        return true;
    }

    /** As {@link #insert}. */
    boolean update(ChangeEvent.Update change) {
        Tuple old = change.old();
        if (old != null && relation.changesKey(old, change.row())) {
            return delete(old) && insert(change.row());
        }
        RowKey key = relation.key(change.row());
        Net net = byKey.get(key);
        if (net == null) {
            return first(key, Fate.UPDATED, change.row());
        }
        if (net.row == null) {
            return false;
        }
        net.row = merged(net.row, change.row());
        return true;
    }

    /** As {@link #insert}. */
    boolean delete(Tuple old) {
        RowKey key = relation.key(old);
        Net net = byKey.get(key);
        if (net == null) {
            return first(key, Fate.DELETED, null);
        }
        if (net.row == null) {
            return false;
        }
        if (net.fate == Fate.INSERTED) {
            byKey.remove(key);
            net.fate = Fate.GONE;
            net.row = null;
        } else {
            net.fate = Fate.DELETED;
            net.row = null;
        }
        return true;
    }

    /** The later row, with the earlier one's values where it says that they have not changed. */
    static Tuple merged(Tuple before, Tuple after) {
        int count = after.size();
        int unchanged = 0;
        for (int i = 0; i < count; i++) {
            unchanged += after.isUnchanged(i) ? 1 : 0;
        }
        if (unchanged == 0) {
            return after;
        }
        Tuple.Builder row = new Tuple.Builder(count, after.data().length);
        for (int i = 0; i < count; i++) {
            Tuple from = after.isUnchanged(i) ? before : after;
            if (from.hasValue(i)) {
                row.add(from.data(), from.offset(i), from.length(i));
            } else if (from.isNull(i)) {
                row.addNull();
            } else {
                row.addUnchanged();
            }
        }
        return row.build();
    }
}
