package warp.apply;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;

/**
 * Whether a relation is still the table that was known: the same columns, by name and type, in the
 * same order, no more and no fewer. Anything else holds the table, since names alone do not say
 * which column is meant ({@code ddl.Numbering} relies on it). Of a part of a row, the columns must
 * be known. What the plugin does not tell is not compared.
 */
final class Fit {

    private Fit() {}

    /** Null where it is. */
    static @Nullable Misfit misfit(Relation relation, @Nullable KnownTable known) {
        return known == null
                ? null
                : difference(relation, known)
                        .map(what ->
                                new Misfit(
                                        "table %s %s at the source now"
                                                .formatted(known.name(), what),
                                        List.of()))
                        .orElse(null);
    }

    private static Optional<String> difference(Relation relation, KnownTable known) {
        if (relation.oid() != 0 && relation.oid() != known.oid()) {
            return Optional.of("is another one of that name");
        }
        if (relation.oid() != 0 && !relation.name().equals(known.name())) {
            return Optional.of("is called " + relation.name());
        }
        return relation.whole() ? ofWhole(relation, known) : ofPart(relation, known);
    }

    private static Optional<String> ofWhole(Relation relation, KnownTable known) {
        // Generated columns are left out by pgoutput and printed by test_decoding.
        List<KnownColumn> expected =
                known.columns().stream()
                        .filter(column -> !relation.identityKnown() || !column.generated())
                        .toList();
        List<RelationColumn> columns = known.told(relation);
        for (int i = 0; i < columns.size(); i++) {
            RelationColumn column = columns.get(i);
            KnownColumn before = i < expected.size() ? expected.get(i) : null;
            if (before == null || !before.name().equals(column.name())) {
                return Optional.of(
                        known.column(column.name()).isPresent()
                                ? "lacks a column"
                                : "has a column " + column.name());
            } else if (!isSameType(column, before)) {
                return Optional.of("has another type of column " + column.name());
            }
        }
        return columns.size() == expected.size() ? Optional.empty() : Optional.of("lacks a column");
    }

    private static Optional<String> ofPart(Relation relation, KnownTable known) {
        return known.told(relation).stream()
                .map(RelationColumn::name)
                .filter(name -> known.column(name).isEmpty())
                .map(name -> "has a column " + name)
                .findFirst();
    }

    private static boolean isSameType(RelationColumn column, KnownColumn before) {
        return column.typeOid() == 0
                || before.typeOid() == 0
                || (column.typeOid() == before.typeOid()
                        && column.typeModifier() == before.typeModifier());
    }
}
