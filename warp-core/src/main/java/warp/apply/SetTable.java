package warp.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Column;
import warp.model.Tuple;
import warp.sql.RowStatement;
import warp.sql.SetStatements;
import warp.sql.SetStatements.ArrayColumn;

/**
 * A table whose changes can be applied in sets: says which changes can, and makes the statements.
 */
final class SetTable {

    private final TargetRelation target;
    private final int[] keys;
    private final int[] inserted;
    private final int[] updated;
    private final @Nullable ArrayColumn[] columns;
    private final boolean whole;
    private final boolean updatable;

    private SetTable(TargetRelation target, @Nullable ArrayColumn[] columns, int[] keys) {
        this.target = target;
        this.columns = columns;
        this.keys = keys;
        this.inserted = indexes(target, i -> target.settable(i));
        this.updated = indexes(target, i -> target.settable(i) && !target.key(i));
        this.whole = target.destination().copiedColumns().size() == inserted.length;
        this.updatable = IntStream.of(updated).noneMatch(i -> target.column(i).identityAlways());
    }

    private static int[] indexes(TargetRelation target, java.util.function.IntPredicate which) {
        return IntStream.range(0, target.relation().columns().size()).filter(which).toArray();
    }

    /**
     * The table as one for sets; null where it is none. The plugin must tell the key: where it does
     * not, shapes differ from row to row.
     */
    static @Nullable SetTable of(TargetRelation target, DestinationTypes types) {
        int[] keys = indexes(target, target::key);
        int[] inserted = indexes(target, target::settable);
        if (!target.relation().identityKnown()
                || inserted.length == 0
                || target.isShared()
                || target.destination().distribution() != null
                || target.filter() != null) {
            return null;
        }
        @Nullable ArrayColumn[] columns = new ArrayColumn[target.relation().columns().size()];
        for (int i : inserted) {
            columns[i] = types.arrayOf(target.column(i)).orElse(null);
            if (columns[i] == null) {
                return null;
            }
        }
        for (int i : keys) {
            Column column = target.settable(i) ? target.column(i) : null;
            int sourceType = target.relation().columns().get(i).typeOid();
            if (column == null || !types.canBeKey(target.destination(), column, sourceType)) {
                return null;
            }
        }
        return new SetTable(target, columns, keys);
    }

    TargetRelation target() {
        return target;
    }

    boolean hasKey() {
        return keys.length > 0;
    }

    /** The key of a row that has one. */
    RowKey key(Tuple row) {
        return new RowKey(row, keys);
    }

    // ---- which changes

    boolean takes(ChangeEvent.Insert change) {
        return hasValues(change.row(), keys) && isComplete(change.row());
    }

    boolean takes(ChangeEvent.Delete change) {
        return hasKey() && hasValues(change.old(), keys);
    }

    /** A change of key becomes an insert, for which every column must be known. */
    boolean takes(ChangeEvent.Update change) {
        Tuple old = change.old();
        if (!hasKey() || !hasValues(change.row(), keys)) {
            return false;
        }
        if (old != null && !hasValues(old, keys)) {
            return false;
        }
        boolean moves = old != null && changesKey(old, change.row());
        return moves ? whole && isComplete(change.row()) : updatable && !isUntouched(change.row());
    }

    boolean changesKey(Tuple old, Tuple row) {
        for (int key : keys) {
            if (!old.sameValue(key, row)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasValues(Tuple row, int[] keys) {
        for (int key : keys) {
            if (!row.hasValue(key)) {
                return false;
            }
        }
        return true;
    }

    private boolean isComplete(Tuple row) {
        for (int column : inserted) {
            if (row.isUnchanged(column)) {
                return false;
            }
        }
        return true;
    }

    private boolean isUntouched(Tuple row) {
        for (int column : updated) {
            if (!row.isUnchanged(column)) {
                return false;
            }
        }
        return true;
    }

    // ---- statements

    /** The columns that an UPDATE to this row sets. */
    int[] updatedBy(Tuple row) {
        for (int column : updated) {
            if (row.isUnchanged(column)) {
                return IntStream.of(updated).filter(i -> !row.isUnchanged(i)).toArray();
            }
        }
        return updated;
    }

    /** The columns that an INSERT sets. */
    int[] inserted() {
        return inserted;
    }

    int[] keys() {
        return keys;
    }

    RowStatement insert() {
        return SetStatements.insert(target.destination(), arrays(inserted));
    }

    RowStatement update(int[] set) {
        return SetStatements.update(target.destination(), arrays(set), arrays(keys));
    }

    RowStatement delete() {
        return SetStatements.delete(target.destination(), arrays(keys));
    }

    private List<ArrayColumn> arrays(int[] which) {
        List<ArrayColumn> result = new ArrayList<>();
        for (int i : which) {
            ArrayColumn column = columns[i];
            if (column == null) {
                throw new IllegalStateException("column " + i + " is not applied");
            }
            result.add(column);
        }
        return result;
    }
}
