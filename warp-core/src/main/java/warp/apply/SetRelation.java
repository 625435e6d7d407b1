package warp.apply;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Tuple;

/**
 * A relation whose changes can be applied many at once, as far as the stream alone tells: says
 * which of them can, and by what their rows are told apart.
 */
final class SetRelation {

    private final TargetRelation target;
    private final int[] keys;
    private final int[] inserted;
    private final int[] updated;
    private final boolean whole;
    private final boolean updatable;

    private SetRelation(TargetRelation target, int[] keys, int[] inserted) {
        this.target = target;
        this.keys = keys;
        this.inserted = inserted;
        this.updated = IntStream.of(inserted).filter(i -> !target.key(i)).toArray();
        this.whole = target.destination().copiedColumns().size() == inserted.length;
        this.updatable = IntStream.of(updated).noneMatch(i -> target.column(i).identityAlways());
    }

    /**
     * The relation as one for sets; null where it is none. The plugin must tell the key: where it
     * does not, shapes differ from row to row.
     */
    static @Nullable SetRelation of(TargetRelation target) {
        int[] keys = indexes(target, target::key);
        int[] inserted = indexes(target, target::settable);
        if (!target.relation().identityKnown()
                || inserted.length == 0
                || target.isShared()
                || target.destination().distribution() != null
                || target.filter() != null
                || !IntStream.of(keys).allMatch(target::settable)) {
            return null;
        }
        return new SetRelation(target, keys, inserted);
    }

    private static int[] indexes(TargetRelation target, IntPredicate which) {
        return IntStream.range(0, target.relation().columns().size()).filter(which).toArray();
    }

    TargetRelation target() {
        return target;
    }

    boolean hasKey() {
        return keys.length > 0;
    }

    /** The columns of the key. */
    int[] keys() {
        return keys;
    }

    /** The columns that an INSERT sets. */
    int[] inserted() {
        return inserted;
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
        if (old == null || !changesKey(old, change.row())) {
            return setsSome(change.row());
        }
        return whole
                && hasValues(old, keys)
                && hasValues(change.row(), keys)
                && isComplete(change.row());
    }

    /** Whether it is an update of a row that keeps its key, and one that it takes. */
    boolean takesInPlace(ChangeEvent.Update change) {
        Tuple old = change.old();
        return (old == null || !changesKey(old, change.row())) && setsSome(change.row());
    }

    private boolean setsSome(Tuple row) {
        return updatable && hasKey() && hasValues(row, keys) && !isUntouched(row);
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

    /** The columns that an UPDATE to this row sets. */
    int[] updatedBy(Tuple row) {
        for (int column : updated) {
            if (row.isUnchanged(column)) {
                return IntStream.of(updated).filter(i -> !row.isUnchanged(i)).toArray();
            }
        }
        return updated;
    }

    /** Whether UPDATEs to these rows set the same columns. */
    boolean updateAlike(Tuple one, Tuple other) {
        for (int column : updated) {
            if (one.isUnchanged(column) != other.isUnchanged(column)) {
                return false;
            }
        }
        return true;
    }
}
