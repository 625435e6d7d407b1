package warp.sandbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The types of one database, and for each the SQL expression that prints a value of it so that two
 * values print alike exactly when they are the same.
 *
 * <p>The text form does that for most types under fixed settings. It does not for floating point
 * numbers: servers before 12 print 17 digits, later ones the shortest digits that read back the
 * same. So whatever holds one is printed by its bytes: floats, geometric types, arrays, composites
 * and ranges of them. (Arrays of composites with floats are printed as text.)
 */
final class TypeCatalog {

    private static final Set<String> BY_BYTES =
            Set.of("float4", "float8", "point", "line", "lseg", "box", "path", "polygon", "circle");

    /** A type; {@code inner} is a domain's base, an array's element or a range's subtype. */
    private record Type(String schema, String name, Kind kind, long inner, long relation) {}

    private record Attribute(String name, long type) {}

    private enum Kind {
        PLAIN,
        DOMAIN,
        ARRAY,
        RANGE,
        COMPOSITE
    }

    private final Map<Long, Type> types = new HashMap<>();
    private final Map<Long, List<Attribute>> attributes = new HashMap<>();

    private TypeCatalog() {}

    /** Reads the catalog of the database; the session's {@code search_path} does not matter. */
    static TypeCatalog read(Connection connection) throws SQLException {
        TypeCatalog catalog = new TypeCatalog();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row =
                    statement.executeQuery(
                            """
                            SELECT t.oid, n.nspname, t.typname,
                                   CASE WHEN t.typtype = 'd' THEN 'DOMAIN'
                                        WHEN t.typtype = 'r' THEN 'RANGE'
                                        WHEN t.typtype = 'c' THEN 'COMPOSITE'
                                        WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY'
                                        ELSE 'PLAIN' END,
                                   CASE t.typtype WHEN 'd' THEN t.typbasetype
                                                  WHEN 'r' THEN r.rngsubtype
                                                  ELSE t.typelem END,
                                   t.typrelid
                            FROM pg_catalog.pg_type t
                            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                            LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
                            """)) {
                while (row.next()) {
                    catalog.types.put(
                            row.getLong(1),
                            new Type(
                                    row.getString(2),
                                    row.getString(3),
                                    Kind.valueOf(row.getString(4)),
                                    row.getLong(5),
                                    row.getLong(6)));
                }
            }
            catalog.readAttributes(statement);
        }
        return catalog;
    }

    private void readAttributes(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery(
                        """
                        SELECT a.attrelid, a.attname, a.atttypid
                        FROM pg_catalog.pg_attribute a
                        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('c', 'r')
                        WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid >= 16384
                        ORDER BY a.attrelid, a.attnum
                        """)) {
            while (row.next()) {
                attributes
                        .computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                        .add(new Attribute(row.getString(2), row.getLong(3)));
            }
        }
    }

    /**
     * An expression of type text for a value of the type; NULL exactly where the value is.
     *
     * @param value an expression: a quoted column name
     */
    String print(String value, long type) {
        return holdsFloat(type) ? printBytes(value, type, 0) : value + "::text";
    }

    private boolean holdsFloat(long oid) {
        Type type = type(oid);
        return switch (type.kind()) {
            case PLAIN -> isByBytes(type);
            case DOMAIN, RANGE -> holdsFloat(type.inner());
            case ARRAY -> holdsFloat(type.inner()) && type(type.inner()).kind() != Kind.COMPOSITE;
            case COMPOSITE ->
                    attributes.getOrDefault(type.relation(), List.of()).stream()
                            .anyMatch(attribute -> holdsFloat(attribute.type()));
        };
    }

    private String printBytes(String value, long oid, int depth) {
        Type type = type(oid);
        return switch (type.kind()) {
            case PLAIN -> isByBytes(type) ? bytes(value, type.name()) : value + "::text";
            case DOMAIN ->
                    printBytes("(" + value + ")::" + baseName(type.inner()), type.inner(), depth);
            case RANGE -> printRange(value, type, depth);
            case ARRAY -> printArray(value, type, depth);
            case COMPOSITE -> printComposite(value, type, depth);
        };
    }

    /** The bytes in network order; all that are not a number are one and the same. */
    private static String bytes(String value, String type) {
        String function =
                switch (type) {
                    case "float4", "float8" -> type + "send";
                    case "polygon" -> "poly_send";
                    default -> type + "_send";
                };
        String hexadecimal =
                "pg_catalog.encode(pg_catalog.%s(%s), 'hex')".formatted(function, value);
        return type.startsWith("float")
                ? "CASE WHEN %s = 'NaN' THEN 'NaN' ELSE %s END".formatted(value, hexadecimal)
                : hexadecimal;
    }

    private String printArray(String value, Type type, int depth) {
        String element = "e" + depth;
        return """
        CASE WHEN %1$s IS NOT NULL THEN
        coalesce(pg_catalog.array_dims(%1$s), '') || ':' || coalesce((SELECT \
        pg_catalog.string_agg(coalesce(%2$s, 'null'), ',' ORDER BY %3$s_number) \
        FROM pg_catalog.unnest(%1$s) WITH ORDINALITY AS %3$s(%3$s, %3$s_number)), '') END\
        """
                .formatted(
                        value,
                        printBytes(element + "." + element, type.inner(), depth + 1),
                        element);
    }

    private String printRange(String value, Type type, int depth) {
        return """
        CASE WHEN %1$s IS NOT NULL THEN concat(pg_catalog.isempty(%1$s), \
        pg_catalog.lower_inc(%1$s), pg_catalog.upper_inc(%1$s), ':', %2$s, ':', %3$s) END\
        """
                .formatted(
                        value,
                        printBytes("pg_catalog.lower(" + value + ")", type.inner(), depth),
                        printBytes("pg_catalog.upper(" + value + ")", type.inner(), depth));
    }

    private String printComposite(String value, Type type, int depth) {
        List<String> parts = new ArrayList<>();
        for (Attribute attribute : attributes.getOrDefault(type.relation(), List.of())) {
            String part = "(" + value + ")." + quote(attribute.name());
            parts.add("coalesce(%s, '~')".formatted(printBytes(part, attribute.type(), depth)));
        }
        return "CASE WHEN %s::text IS NOT NULL THEN '(' || %s || ')' END"
                .formatted(value, String.join(" || ',' || ", parts));
    }

    /** The name to cast a domain's value to. */
    private String baseName(long oid) {
        Type type = type(oid);
        return switch (type.kind()) {
            case ARRAY -> baseName(type.inner()) + "[]";
            case DOMAIN -> baseName(type.inner());
            case PLAIN, RANGE, COMPOSITE -> quote(type.schema()) + "." + quote(type.name());
        };
    }

    private static boolean isByBytes(Type type) {
        return type.schema().equals("pg_catalog") && BY_BYTES.contains(type.name());
    }

    private Type type(long oid) {
        Type type = types.get(oid);
        if (type == null) {
            throw new SandboxException("there is no type with OID " + oid);
        }
        return type;
    }

    static String quote(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
