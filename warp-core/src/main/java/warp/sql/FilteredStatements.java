package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warp.model.Column;
import warp.model.Table;
import warp.sql.RowStatements.Condition;

/**
 * The statements that change one row of a table at the destination of which only the rows that meet
 * a condition take part. The condition is asked about the values of the change, as the source typed
 * them, so a column that does not travel can be part of it.
 *
 * <p>An update may let a row in or out, so each of its statements can delete, update or insert; all
 * of it has one snapshot, and at most one of the three happens. The count of rows tells what
 * happened: 0 where the row is out and stays out, 1 where it was written, {@link #UNDECIDED} where
 * the values at hand do not suffice or the row is missing.
 */
public final class FilteredStatements {

    /** More rows than any change touches. */
    public static final int UNDECIDED = 1000;

    private static final String BOTH = " UNION ALL ";

    private final Table table;
    private final String filter;
    private final RowStatements made;

    /**
     * @param filter the condition, over names of the source's columns
     */
    public FilteredStatements(Table table, String filter) {
        this.table = table;
        this.filter = filter;
        this.made = new RowStatements(table);
    }

    /**
     * A column that the condition names, and where its value comes from.
     *
     * @param source as at the source
     * @param stored the destination's column, for the value that is there already; null for the
     *     value of the change
     * @param absent it is NULL, though the change does not say so
     */
    public record Operand(Column source, @Nullable Column stored, boolean absent) {

        boolean isParameter() {
            return stored == null && !absent;
        }
    }

    /** Inserts the row if it is in; parameters: the columns, then the operands. */
    public RowStatement insert(List<Column> columns, List<Operand> operands) {
        List<String> values = values(columns);
        String in = "EXISTS (" + meeting(operands) + ")";
        return made.build("%s SELECT %s WHERE %s".formatted(into(columns), join(values), in));
    }

    /** Deletes a row that may be out; parameters: those that find it. */
    public RowStatement delete(List<Condition> where) {
        String place = made.place(where);
        return made.build("DELETE FROM %s WHERE %s".formatted(Identifiers.itself(table), place));
    }

    /**
     * Deletes the row if it was in, and then it must be there; parameters: those that find it, then
     * the operands of the old row.
     */
    public RowStatement deleteKnown(List<Condition> where, List<Operand> old) {
        String place = made.place(where);
        String was = "EXISTS (" + meeting(old) + ")";
        return made.build(
                "WITH n AS (SELECT %s AS was_in), gone AS (DELETE FROM %s WHERE (SELECT was_in FROM n) AND %s RETURNING 1) SELECT 1 FROM gone"
                                .formatted(was, Identifiers.itself(table), place)
                        + BOTH
                        + undecided("was_in AND NOT EXISTS (SELECT 1 FROM gone)"));
    }

    /** Deletes every row that meets the condition; all operands are stored, no parameters. */
    public RowStatement deleteAll(List<Operand> stored) {
        return made.build(
                "DELETE FROM %s AS t WHERE EXISTS (%s)"
                        .formatted(Identifiers.itself(table), meeting(stored)));
    }

    /**
     * Updates a row that is where it was: the condition names nothing that changed. Parameters: the
     * columns set, then those that find it.
     */
    public RowStatement update(List<Column> set, List<Condition> where) {
        List<String> values = values(set);
        return made.build(kept(set, values, made.place(where)));
    }

    /**
     * Updates a row that is in, deletes it if it gets out, inserts it if it comes in. Whether it
     * was in is seen by whether it is there. Parameters: the columns, then those that find the row,
     * then the operands.
     *
     * @param columns every column whose value is known
     * @param complete whether that is all of them; if not, a row that comes in is undecided
     */
    public RowStatement update(
            List<Column> columns, boolean complete, List<Condition> where, List<Operand> now) {
        List<String> values = values(columns);
        String place = made.place(where);
        boolean stored = now.stream().anyMatch(operand -> operand.stored() != null);
        String n =
                "SELECT EXISTS (%s) AS is_in".formatted(meeting(now))
                        + (stored
                                ? " FROM %s AS t WHERE %s"
                                        .formatted(Identifiers.itself(table), place)
                                : "");
        String end;
        if (stored) {
            end = BOTH + "SELECT 1 FROM " + many() + " WHERE NOT EXISTS (SELECT 1 FROM n)";
        } else if (!complete) {
            end = BOTH + undecided("is_in AND NOT EXISTS (SELECT 1 FROM kept)");
        } else {
            end = "";
        }
        String come =
                stored || !complete
                        ? ""
                        : ", come AS (%s SELECT %s WHERE (SELECT is_in FROM n) AND NOT EXISTS (SELECT 1 FROM kept) RETURNING 1)"
                                .formatted(into(columns), join(values));
        return made.build(
                "WITH n AS (%s), gone AS (DELETE FROM %s WHERE (SELECT NOT is_in FROM n) AND %s RETURNING 1), kept AS (%s)%s SELECT 1 FROM gone UNION ALL SELECT 1 FROM kept"
                                .formatted(
                                        n,
                                        Identifiers.itself(table),
                                        place,
                                        kept(columns, values, "(SELECT is_in FROM n) AND " + place),
                                        come)
                        + (come.isEmpty() ? "" : BOTH + "SELECT 1 FROM come")
                        + end);
    }

    /**
     * As {@link #update}, where the old row is known: whether it was in, and so has to be there, is
     * asked of its values. Parameters: the columns, then those that find the row, then the operands
     * of the new row, then those of the old one.
     */
    public RowStatement updateKnown(
            List<Column> columns, List<Condition> where, List<Operand> now, List<Operand> old) {
        List<String> values = values(columns);
        String place = made.place(where);
        String is = meeting(now);
        String was = meeting(old);
        return made.build(
                "WITH n AS (SELECT EXISTS (%s) AS is_in, EXISTS (%s) AS was_in), gone AS (DELETE FROM %s WHERE (SELECT was_in AND NOT is_in FROM n) AND %s RETURNING 1), kept AS (%s), come AS (%s SELECT %s WHERE (SELECT is_in AND NOT was_in FROM n) RETURNING 1) SELECT 1 FROM gone UNION ALL SELECT 1 FROM kept UNION ALL SELECT 1 FROM come"
                                .formatted(
                                        is,
                                        was,
                                        Identifiers.itself(table),
                                        place,
                                        kept(
                                                columns,
                                                values,
                                                "(SELECT was_in AND is_in FROM n) AND " + place),
                                        into(columns),
                                        join(values))
                        + BOTH
                        + undecided(
                                "was_in AND NOT EXISTS (SELECT 1 FROM gone)"
                                        + " AND NOT EXISTS (SELECT 1 FROM kept)"));
    }

    /** One row for the row that is updated; a column that refuses an UPDATE has not changed. */
    private String kept(List<Column> columns, List<String> values, String place) {
        StringBuilder set = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).identityAlways()) {
                set.append(set.isEmpty() ? "" : ", ");
                set.append(Identifiers.quote(columns.get(i).name())).append(" = ");
                set.append(values.get(i));
            }
        }
        return set.isEmpty()
                ? "SELECT 1 FROM %s WHERE %s".formatted(Identifiers.itself(table), place)
                : "UPDATE %s SET %s WHERE %s RETURNING 1"
                        .formatted(Identifiers.itself(table), set, place);
    }

    private String into(List<Column> columns) {
        return "INSERT INTO "
                + Identifiers.qualified(table.name())
                + RowStatements.names(columns)
                + RowStatements.overriding(table);
    }

    private List<String> values(List<Column> columns) {
        return columns.stream().map(made::parameter).toList();
    }

    private static String join(List<String> values) {
        return String.join(", ", values);
    }

    /** A query of one row if the condition is true, else of none. */
    private String meeting(List<Operand> operands) {
        String row = operands.stream().map(this::operand).collect(Collectors.joining(", "));
        return "SELECT 1 FROM (SELECT %s) AS %s WHERE %s"
                .formatted(row, Filters.ROW, Filters.bracketed(filter));
    }

    private String operand(Operand operand) {
        Column stored = operand.stored();
        String value;
        if (operand.absent()) {
            value = "NULL";
        } else if (stored != null) {
            value = "t." + Identifiers.quote(stored.name());
        } else {
            value = made.parameter(0);
        }
        return "CAST(%s AS %s) AS %s"
                .formatted(
                        value,
                        operand.source().typeName(),
                        Identifiers.quote(operand.source().name()));
    }

    private static String undecided(String condition) {
        return "SELECT 1 FROM n, " + many() + " WHERE " + condition;
    }

    private static String many() {
        return "pg_catalog.generate_series(1, " + UNDECIDED + ")";
    }
}
