package warp.postgres;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import warp.model.ServerVersion;

/**
 * The built-in types that most columns have, of which {@code types.sql} says the same at every
 * server: their OIDs are fixed, their binary form is safe, and each has a default operator class of
 * its own in {@code pg_catalog}, which nobody can drop or set another beside. Asking for them is
 * dear: in a new session the query takes 30 ms, for reading the catalogs it joins.
 */
final class PlainTypes {

    /** The schema of their operator {@code =}. */
    static final String EQUALITY = "pg_catalog";

    /** Names as {@code format_type} gives them with an empty search path. */
    private static final Map<Integer, String> NAMES =
            Map.ofEntries(
                    Map.entry(16, "boolean"),
                    Map.entry(17, "bytea"),
                    Map.entry(20, "bigint"),
                    Map.entry(21, "smallint"),
                    Map.entry(23, "integer"),
                    Map.entry(25, "text"),
                    Map.entry(700, "real"),
                    Map.entry(701, "double precision"),
                    Map.entry(1082, "date"),
                    Map.entry(1700, "numeric"),
                    Map.entry(2950, "uuid"),
                    Map.entry(3802, "jsonb"));

    /** Before 10, a server may have been built with times as floating-point numbers. */
    private static final Map<Integer, String> TIMES =
            Map.of(
                    1083, "time without time zone",
                    1114, "timestamp without time zone",
                    1184, "timestamp with time zone");

    private static final Map<Integer, String> ALL = new HashMap<>(NAMES);

    static {
        ALL.putAll(TIMES);
    }

    private PlainTypes() {}

    /** The name by the OID. */
    static Map<Integer, String> names(ServerVersion version) {
        return version.atLeast(10) ? ALL : NAMES;
    }

    /**
     * The name of a type without a modifier, if it is one of these.
     *
     * @param modifier {@code atttypmod}: -1 is none
     */
    static Optional<String> name(int oid, int modifier, ServerVersion version) {
        return modifier == -1 ? Optional.ofNullable(names(version).get(oid)) : Optional.empty();
    }
}
