package warp.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import warp.model.Column;
import warp.model.Table;

/**
 * The statements that change one row of a table at the destination. Made for an empty search path:
 * every name is qualified, every operator named with its schema. Parameters are texts, typed with
 * the destination's own column types, so that the server reads them as it reads COPY.
 *
 * <p>A row is found in one of two ways. By its key: {@code key = $n}, which names one row. Or, with
 * REPLICA IDENTITY FULL, by all its values ({@link Match#EXACT} and {@link Match#NULL}): of several
 * rows that are equal in every column exactly one is taken, by its {@code ctid} (which names a row
 * of a partitioned table only together with the partition it is in). Equal means equal as printed,
 * since {@code =} takes 1.0 for 1.00, 0 for -0 and, in citext, A for a; the operator is asked as
 * well where the type has one, as an index can answer it.
 */
public final class RowStatements {

    private static final int BPCHAR_OID = 1042;
    private static final String EQUAL = " OPERATOR(pg_catalog.=) ";

    private final Table table;
    private final List<Integer> parameterOids = new ArrayList<>();
    private final StringBuilder sql = new StringBuilder();

    RowStatements(Table table) {
        this.table = table;
    }

    /** How a column takes part in finding the row. */
    public enum Match {
        /** Equal by the operator of the key's index. */
        KEY,
        /** Equal as printed. */
        EXACT,
        /** NULL at both sides. */
        NULL
    }

    /** A column that must match for a row to be found. */
    public record Condition(Column column, Match match) {}

    /** Inserts a row; a parameter for each column. */
    public static RowStatement insert(Table table, List<Column> columns) {
        RowStatements made = new RowStatements(table);
        made.sql.append("INSERT INTO ").append(Identifiers.qualified(table.name()));
        if (columns.isEmpty()) {
            made.sql.append(" DEFAULT VALUES");
            return made.build();
        }
        made.sql.append(names(columns)).append(overriding(table)).append(" VALUES (");
        made.sql.append(columns.stream().map(made::parameter).collect(Collectors.joining(", ")));
        made.sql.append(')');
        return made.build();
    }

    /** Updates a row; parameters: the columns set, then those of the conditions that have one. */
    public static RowStatement update(Table table, List<Column> set, List<Condition> where) {
        RowStatements made = new RowStatements(table);
        made.sql.append("UPDATE ").append(Identifiers.itself(table));
        made.sql.append(" SET ");
        made.sql.append(
                set.stream()
                        .map(column ->
                                Identifiers.quote(column.name()) + " = " + made.parameter(column))
                        .collect(Collectors.joining(", ")));
        made.where(where);
        return made.build();
    }

    /**
     * What is left of an UPDATE that changes no column of ours: makes sure that the row is there.
     * Counts it as UPDATE would.
     */
    public static RowStatement touch(Table table, List<Condition> where) {
        RowStatements made = new RowStatements(table);
        made.sql.append("SELECT 1 FROM ").append(Identifiers.itself(table));
        made.where(where);
        return made.build();
    }

    /**
     * Updates a row by deleting and inserting it, the only way to give a new value to a column that
     * is GENERATED ALWAYS AS IDENTITY. What is not in {@code set} is kept. Parameters as for {@link
     * #update}.
     */
    public static RowStatement reinsert(Table table, List<Column> set, List<Condition> where) {
        RowStatements made = new RowStatements(table);
        List<Column> all = table.copiedColumns();
        String values =
                all.stream()
                        .map(column ->
                                set.contains(column)
                                        ? "$" + (set.indexOf(column) + 1)
                                        : "d." + Identifiers.quote(column.name()))
                        .collect(Collectors.joining(", "));
        set.forEach(made::parameter);
        made.sql.append("WITH d AS (DELETE FROM ").append(Identifiers.itself(table));
        made.where(where);
        made.sql.append(" RETURNING *) INSERT INTO ").append(Identifiers.qualified(table.name()));
        made.sql.append(names(all)).append(overriding(table));
        made.sql.append(" SELECT ").append(values).append(" FROM d");
        return made.build();
    }

    /** Deletes a row. */
    public static RowStatement delete(Table table, List<Condition> where) {
        RowStatements made = new RowStatements(table);
        made.sql.append("DELETE FROM ").append(Identifiers.itself(table));
        made.where(where);
        return made.build();
    }

    /** Empties tables, all at once as the source did. */
    public static String truncate(List<Table> tables, boolean cascade, boolean restart) {
        return "TRUNCATE "
                + tables.stream().map(Identifiers::itself).collect(Collectors.joining(", "))
                + (restart ? " RESTART IDENTITY" : "")
                + (cascade ? " CASCADE" : "");
    }

    private void where(List<Condition> conditions) {
        sql.append(" WHERE ").append(place(conditions));
    }

    /** The condition that one row meets. */
    String place(List<Condition> conditions) {
        boolean byKey = conditions.stream().allMatch(c -> c.match() == Match.KEY);
        if (byKey) {
            return conjunction(conditions);
        }
        String place = table.partitioned() ? "tableoid, ctid" : "ctid";
        return (table.partitioned() ? "(" + place + ")" : place)
                + EQUAL
                + "(SELECT "
                + place
                + " FROM "
                + Identifiers.itself(table)
                + " WHERE "
                + conjunction(conditions)
                + " LIMIT 1)";
    }

    private String conjunction(List<Condition> conditions) {
        return conditions.stream().map(this::condition).collect(Collectors.joining(" AND "));
    }

    private String condition(Condition condition) {
        Column column = condition.column();
        String name = Identifiers.quote(column.name());
        return switch (condition.match()) {
            case NULL -> name + " IS NULL";
            case KEY ->
                    column.equalitySchema().map(schema -> equal(column, schema)).orElse("false");
            case EXACT -> exact(column);
        };
    }

    private String exact(Column column) {
        String parameter = parameter(column);
        String name = Identifiers.quote(column.name());
        String printed =
                printed(column, name)
                        + " COLLATE pg_catalog.\"C\""
                        + EQUAL
                        + printed(column, parameter);
        return column.equalitySchema()
                .map(schema -> name + operator(schema) + parameter + " AND " + printed)
                .orElse(printed);
    }

    private String equal(Column column, String schema) {
        return Identifiers.quote(column.name()) + operator(schema) + parameter(column);
    }

    static String operator(String schema) {
        return " OPERATOR("
                + (schema.equals("pg_catalog") ? schema : Identifiers.quote(schema))
                + ".=) ";
    }

    /** The value as text; the cast of {@code character} would drop its trailing blanks. */
    private static String printed(Column column, String value) {
        return column.typeOid() == BPCHAR_OID
                ? "pg_catalog.concat(" + value + ")"
                : "CAST(" + value + " AS pg_catalog.text)";
    }

    String parameter(Column column) {
        return parameter(column.typeOid());
    }

    /** The next parameter, of a type. */
    String parameter(int typeOid) {
        parameterOids.add(typeOid);
        return "$" + parameterOids.size();
    }

    static String names(List<Column> columns) {
        return columns.stream()
                .map(column -> Identifiers.quote(column.name()))
                .collect(Collectors.joining(", ", " (", ")"));
    }

    static String overriding(Table table) {
        return table.columns().stream().anyMatch(Column::identityAlways)
                ? " OVERRIDING SYSTEM VALUE"
                : "";
    }

    /** A statement of this text with the parameters given out so far. */
    RowStatement build(String text) {
        return new RowStatement(text, parameterOids);
    }

    private RowStatement build() {
        return new RowStatement(sql.toString(), parameterOids);
    }
}
