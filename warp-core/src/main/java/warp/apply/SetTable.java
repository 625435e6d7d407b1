package warp.apply;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.model.Column;
import warp.sql.RowStatement;
import warp.sql.SetStatements;
import warp.sql.SetStatements.ArrayColumn;

/**
 * A relation whose changes can be applied in sets at this destination; makes the statements. Two
 * are never equal.
 */
final class SetTable {

    private final SetRelation relation;
    private final @Nullable ArrayColumn[] columns;

    private SetTable(SetRelation relation, @Nullable ArrayColumn[] columns) {
        this.relation = relation;
        this.columns = columns;
    }

    /** Null where the destination's types do not go into arrays, or do not tell rows apart. */
    static @Nullable SetTable of(SetRelation relation, DestinationTypes types) {
        TargetRelation target = relation.target();
        @Nullable ArrayColumn[] columns = new ArrayColumn[target.relation().columns().size()];
        for (int i : relation.inserted()) {
            columns[i] = types.arrayOf(target.column(i)).orElse(null);
            if (columns[i] == null) {
                return null;
            }
        }
        for (int i : relation.keys()) {
            Column column = target.column(i);
            int sourceType = target.relation().columns().get(i).typeOid();
            if (!types.canBeKey(target.destination(), column, sourceType)) {
                return null;
            }
        }
        return new SetTable(relation, columns);
    }

    /** Which changes it takes. */
    SetRelation relation() {
        return relation;
    }

    TargetRelation target() {
        return relation.target();
    }

    RowStatement insert() {
        return SetStatements.insert(target().destination(), arrays(relation.inserted()));
    }

    RowStatement update(int[] set) {
        return SetStatements.update(target().destination(), arrays(set), arrays(relation.keys()));
    }

    RowStatement delete() {
        return SetStatements.delete(target().destination(), arrays(relation.keys()));
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
