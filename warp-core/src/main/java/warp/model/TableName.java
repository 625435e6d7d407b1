package warp.model;

import java.util.Comparator;

/**
 * The qualified name of a table or a sequence as it stands in the catalog: unquoted, case kept.
 *
 * <p>For SQL it is quoted by {@code warp.sql.Identifiers}; {@link #toString} is for people.
 */
public record TableName(String schema, String name) implements Comparable<TableName> {

    private static final Comparator<TableName> ORDER =
            Comparator.comparing(TableName::schema).thenComparing(TableName::name);

    public TableName {
        if (schema.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a table name has a schema and a name");
        }
    }

    @Override
    public int compareTo(TableName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
