package warp.sql;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warp.model.TableName;

/**
 * Statements that define tables and columns, at the destination or for a person to run; without a
 * semicolon. Types, expressions and bounds are texts as the source's server printed them under an
 * empty search path.
 */
public final class DefinitionStatements {

    private DefinitionStatements() {}

    /** {@code "name" type COLLATE …}. */
    public static String column(String name, String type, @Nullable String collation) {
        return Identifiers.quote(name)
                + " "
                + type
                + (collation == null ? "" : " COLLATE " + collation);
    }

    /** What follows a column that other columns give. */
    public static String generated(String expression, boolean virtual) {
        return " GENERATED ALWAYS AS (" + expression + ")" + (virtual ? " VIRTUAL" : " STORED");
    }

    /** What follows a column whose rows have a value already. */
    public static String defaultValue(String value, String type) {
        return " DEFAULT CAST(" + Identifiers.literal(value) + " AS " + type + ")";
    }

    public static String addColumn(TableName table, String definition) {
        return alter(table) + "ADD COLUMN " + definition;
    }

    public static String setDefault(TableName table, String column, String expression) {
        return alterColumn(table, column) + "SET DEFAULT " + expression;
    }

    public static String dropDefault(TableName table, String column) {
        return alterColumn(table, column) + "DROP DEFAULT";
    }

    public static String setNotNull(TableName table, String column) {
        return alterColumn(table, column) + "SET NOT NULL";
    }

    public static String addIdentity(TableName table, String column, boolean always) {
        return alterColumn(table, column)
                + "ADD GENERATED "
                + (always ? "ALWAYS" : "BY DEFAULT")
                + " AS IDENTITY";
    }

    public static String alterType(TableName table, String column, String type) {
        return alterColumn(table, column) + "TYPE " + type;
    }

    public static String renameColumn(TableName table, String from, String to) {
        return alter(table)
                + "RENAME COLUMN "
                + Identifiers.quote(from)
                + " TO "
                + Identifiers.quote(to);
    }

    public static String dropColumn(TableName table, String column) {
        return alter(table) + "DROP COLUMN " + Identifiers.quote(column);
    }

    public static String dropExpression(TableName table, String column) {
        return alterColumn(table, column) + "DROP EXPRESSION";
    }

    public static String addPrimaryKey(TableName table, List<String> columns) {
        return alter(table)
                + "ADD PRIMARY KEY "
                + columns.stream()
                        .map(Identifiers::quote)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * Finds a row whose column has another value than this; as texts, since not every type can be
     * compared.
     *
     * @param value null for NULL
     */
    public static String otherThan(
            TableName table, String column, String type, @Nullable String value) {
        String text = "CAST(" + Identifiers.quote(column) + " AS text)";
        return "SELECT 1 AS found FROM "
                + Identifiers.qualified(table)
                + " WHERE "
                + (value == null
                        ? text + " IS NOT NULL"
                        : text
                                + " IS DISTINCT FROM CAST(CAST("
                                + Identifiers.literal(value)
                                + " AS "
                                + type
                                + ") AS text)")
                + " LIMIT 1";
    }

    public static String dropTable(TableName table) {
        return "DROP TABLE " + Identifiers.qualified(table);
    }

    public static String detach(TableName parent, TableName partition) {
        return alter(parent) + "DETACH PARTITION " + Identifiers.qualified(partition);
    }

    /** To another schema, to another name, or both. */
    public static List<String> rename(TableName from, TableName to) {
        TableName moved = new TableName(to.schema(), from.name());
        Optional<String> schema =
                from.schema().equals(to.schema())
                        ? Optional.empty()
                        : Optional.of(alter(from) + "SET SCHEMA " + Identifiers.quote(to.schema()));
        Optional<String> name =
                from.name().equals(to.name())
                        ? Optional.empty()
                        : Optional.of(alter(moved) + "RENAME TO " + Identifiers.quote(to.name()));
        return java.util.stream.Stream.of(schema, name).flatMap(Optional::stream).toList();
    }

    public static String createSchema(String schema) {
        return "CREATE SCHEMA IF NOT EXISTS " + Identifiers.quote(schema);
    }

    /**
     * A sequence for a default.
     *
     * @param type what it counts in; null for bigint
     */
    public static String createSequence(String sequence, @Nullable String type) {
        return "CREATE SEQUENCE IF NOT EXISTS " + sequence + (type == null ? "" : " AS " + type);
    }

    public static String ownSequence(String sequence, TableName table, String column) {
        return "ALTER SEQUENCE "
                + sequence
                + " OWNED BY "
                + Identifiers.qualified(table)
                + "."
                + Identifiers.quote(column);
    }

    /**
     * Makes a table.
     *
     * @param partitionKey as {@code pg_get_partkeydef} gives it; null for an ordinary table
     */
    public static String createTable(
            TableName table, List<String> columns, @Nullable String partitionKey) {
        return "CREATE TABLE "
                + Identifiers.qualified(table)
                + columns.stream().collect(Collectors.joining(", ", " (", ")"))
                + partitionBy(partitionKey);
    }

    /** As {@link #createTable}, below a parent. */
    public static String createPartition(
            TableName table, TableName parent, String bound, @Nullable String partitionKey) {
        return "CREATE TABLE "
                + Identifiers.qualified(table)
                + " PARTITION OF "
                + Identifiers.qualified(parent)
                + " "
                + bound
                + partitionBy(partitionKey);
    }

    public static String attach(TableName parent, TableName partition, String bound) {
        return alter(parent) + "ATTACH PARTITION " + Identifiers.qualified(partition) + " " + bound;
    }

    private static String partitionBy(@Nullable String key) {
        return key == null ? "" : " PARTITION BY " + key;
    }

    public static String addConstraint(TableName table, String name, String definition) {
        return alter(table) + "ADD CONSTRAINT " + Identifiers.quote(name) + " " + definition;
    }

    public static String addToPublication(String publication, TableName table) {
        return "ALTER PUBLICATION "
                + Identifiers.quote(publication)
                + " ADD TABLE ONLY "
                + Identifiers.qualified(table);
    }

    private static String alter(TableName table) {
        return "ALTER TABLE " + Identifiers.qualified(table) + " ";
    }

    private static String alterColumn(TableName table, String column) {
        return alter(table) + "ALTER COLUMN " + Identifiers.quote(column) + " ";
    }
}
