package warp.sql;

/** Short questions about definitions, the same for both sides. */
public final class DefinitionQueries {

    /** Names of the partitioned tables; from 10 on. */
    public static final String PARTITIONED =
            "SELECT n.nspname AS schema_name, c.relname AS table_name FROM pg_catalog.pg_class c"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind = 'p'";

    /**
     * Another text where tables of these names, their columns or constraints, or any enum, have
     * changed. Takes the names.
     */
    public static final String FINGERPRINT =
            "SELECT pg_catalog.md5(pg_catalog.concat((SELECT"
                + " pg_catalog.string_agg(pg_catalog.concat(c.oid, ' ', c.relnamespace, ' ',"
                + " c.relname, ' ', c.xmin, ' ', a.attname, ' ', a.xmin), ',' ORDER BY c.oid,"
                + " a.attnum) FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_attribute a ON"
                + " a.attrelid = c.oid AND a.attnum > 0 WHERE c.relname = ANY (?::text[])), ' ',"
                + " (SELECT count(*) FROM pg_catalog.pg_enum), ' ', (SELECT count(*) FROM"
                + " pg_catalog.pg_constraint), ' ', (SELECT count(*) FROM pg_catalog.pg_class))) AS"
                + " print";

    /** A row where there is a relation of that schema and name. */
    public static final String EXISTS =
            "SELECT 1 AS found FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ="
                    + " c.relnamespace WHERE n.nspname = ? AND c.relname = ?";

    private DefinitionQueries() {}
}
