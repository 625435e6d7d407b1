package warp.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import warp.model.Column;
import warp.model.Table;

/**
 * The statements that change many rows of a table at the destination at once. Every parameter is an
 * array with an element a row; together they are unnested into a relation {@code u} that is joined
 * by key. Made for an empty search path, as {@link RowStatements} are.
 */
public final class SetStatements {

    private static final int TEXT_ARRAY_OID = 1009;

    private final List<Integer> parameterOids = new ArrayList<>();
    private final StringBuilder sql = new StringBuilder();

    private SetStatements() {}

    /**
     * A column whose values come as an array.
     *
     * @param arrayOid the array type over the column's type; 0 where there is none that {@code
     *     unnest} takes apart into the column's values: an array of texts is sent then
     * @param typeName the column's type without a modifier, to which such texts are cast
     */
    public record ArrayColumn(Column column, int arrayOid, String typeName) {}

    /** Inserts rows; a parameter for each column, at least one. */
    public static RowStatement insert(Table table, List<ArrayColumn> columns) {
        SetStatements made = new SetStatements();
        made.sql.append("INSERT INTO ").append(Identifiers.qualified(table.name()));
        made.sql.append(
                columns.stream()
                        .map(column -> Identifiers.quote(column.column().name()))
                        .collect(Collectors.joining(", ", " (", ")")));
        if (table.columns().stream().anyMatch(Column::identityAlways)) {
            made.sql.append(" OVERRIDING SYSTEM VALUE");
        }
        made.sql.append(
                IntStream.range(0, columns.size())
                        .mapToObj(i -> value(columns.get(i), i))
                        .collect(Collectors.joining(", ", " SELECT ", " FROM ")));
        made.rows(columns);
        return made.build();
    }

    /** Updates rows found by their keys; parameters: the columns set, then those of the key. */
    public static RowStatement update(Table table, List<ArrayColumn> set, List<ArrayColumn> keys) {
        SetStatements made = new SetStatements();
        made.sql.append("UPDATE ").append(Identifiers.itself(table));
        made.sql.append(" AS t SET ");
        made.sql.append(
                IntStream.range(0, set.size())
                        .mapToObj(i ->
                                Identifiers.quote(set.get(i).column().name())
                                        + " = "
                                        + value(set.get(i), i))
                        .collect(Collectors.joining(", ")));
        List<ArrayColumn> all = new ArrayList<>(set);
        all.addAll(keys);
        made.sql.append(" FROM ");
        made.rows(all);
        made.where(keys, set.size());
        return made.build();
    }

    /** Deletes rows found by their keys; a parameter for each column of the key. */
    public static RowStatement delete(Table table, List<ArrayColumn> keys) {
        SetStatements made = new SetStatements();
        made.sql.append("DELETE FROM ").append(Identifiers.itself(table));
        made.sql.append(" AS t USING ");
        made.rows(keys);
        made.where(keys, 0);
        return made.build();
    }

    private static String value(ArrayColumn column, int index) {
        return column.arrayOid() != 0
                ? "u.a" + index
                : "CAST(u.a" + index + " AS " + column.typeName() + ")";
    }

    private void rows(List<ArrayColumn> columns) {
        for (ArrayColumn column : columns) {
            parameterOids.add(column.arrayOid() != 0 ? column.arrayOid() : TEXT_ARRAY_OID);
        }
        sql.append(
                IntStream.rangeClosed(1, columns.size())
                        .mapToObj(i -> "pg_catalog.unnest($" + i + ")")
                        .collect(Collectors.joining(", ", "ROWS FROM (", ")")));
        sql.append(
                IntStream.range(0, columns.size())
                        .mapToObj(i -> "a" + i)
                        .collect(Collectors.joining(", ", " AS u (", ")")));
    }

    private void where(List<ArrayColumn> keys, int first) {
        sql.append(
                IntStream.range(0, keys.size())
                        .mapToObj(i ->
                                "t."
                                        + Identifiers.quote(keys.get(i).column().name())
                                        + " OPERATOR(pg_catalog.=) "
                                        + value(keys.get(i), first + i))
                        .collect(Collectors.joining(" AND ", " WHERE ", "")));
    }

    private RowStatement build() {
        return new RowStatement(sql.toString(), parameterOids);
    }
}
