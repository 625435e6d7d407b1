package warp.apply;

import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;

/**
 * Whether a relation is still the table that was known. What the destination lacks is found where
 * columns are matched; here, what can only be told by comparing with before. Where the plugin does
 * not tell OIDs and types, nothing is found.
 */
final class Fit {

    private Fit() {}

    /** Null where it is. */
    static @Nullable Misfit misfit(Relation relation, @Nullable KnownTable known) {
        if (known == null || relation.oid() == 0) {
            return null;
        }
        if (relation.oid() != known.oid()) {
            return new Misfit(
                    "table %s was dropped and made again at the source".formatted(known.name()),
                    List.of());
        }
        if (!relation.name().equals(known.name())) {
            return new Misfit(
                    "table %s is called %s at the source now"
                            .formatted(known.name(), relation.name()),
                    List.of());
        }
        for (RelationColumn column : relation.columns()) {
            KnownColumn before = known.column(column.name()).orElse(null);
            if (before != null && before.typeOid() != 0 && !sameType(column, before)) {
                return new Misfit(
                        "column %s of table %s has another type at the source now"
                                .formatted(column.name(), known.name()),
                        List.of());
            }
        }
        return null;
    }

    private static boolean sameType(RelationColumn column, KnownColumn before) {
        return column.typeOid() == before.typeOid()
                && column.typeModifier() == before.typeModifier();
    }
}
