package warp.postgres;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import warp.model.Distribution;

/** What a Citus coordinator knows of its tables, from Citus 7 to 13. */
public final class CitusCatalog {

    private static final CatalogQuery TABLES = CatalogQuery.of(CitusCatalog.class, "citus_tables");

    private CitusCatalog() {}

    /** Whether the database has Citus. */
    public static boolean isThere(Session session) {
        return session.queryOne(
                        "SELECT pg_catalog.to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL"
                                + " AS found")
                .flag("found");
    }

    /** How each table that Citus looks after is spread, by OID; empty without Citus. */
    public static Map<Integer, Distribution> distributions(Session session) {
        if (!isThere(session)) {
            return Map.of();
        }
        Map<Integer, Distribution> tables = new HashMap<>();
        for (Row row : TABLES.rows(session)) {
            Optional<String> column = row.optionalText("column_name");
            tables.put(
                    row.oid("oid"),
                    column.isPresent()
                            ? new Distribution.ByColumn(column.get())
                            : row.flag("everywhere")
                                    ? new Distribution.Everywhere()
                                    : new Distribution.OneShard());
        }
        return Map.copyOf(tables);
    }
}
