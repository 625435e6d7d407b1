-- The collations that indexes of the users' tables are sorted by, but for the bytewise ones, with the
-- version of what compares texts, where that can be asked. From 9.4.
SELECT x.schema_name, x.collation_name, x.version, pg_catalog.count(*) AS indexes,
    pg_catalog.min(x.index_name) AS example
FROM (
    SELECT DISTINCT l.collname AS collation_name, cn.nspname AS schema_name,
        NULL::text AS version, --<10
        pg_catalog.pg_collation_actual_version(l.oid) AS version, --10+
        i.indexrelid, pg_catalog.concat(n.nspname, '.', ic.relname) AS index_name
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = ic.relnamespace
    CROSS JOIN LATERAL pg_catalog.unnest(i.indcollation::oid[]) c (oid)
    JOIN pg_catalog.pg_collation l ON l.oid = c.oid
    JOIN pg_catalog.pg_namespace cn ON cn.oid = l.collnamespace
    WHERE l.collname NOT IN ('C', 'POSIX', 'ucs_basic', 'default')
        AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'warp')
) x
GROUP BY 1, 2, 3
ORDER BY 1, 2
