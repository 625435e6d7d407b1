-- Materialized views and the views they may be built on, with what each reads. From 9.4.
SELECT c.oid::text AS id, n.nspname AS schema_name, c.relname AS view_name,
    c.relkind = 'm' AS materialized, c.relispopulated AS populated,
    array(SELECT DISTINCT d.refobjid::text
        FROM pg_catalog.pg_rewrite w
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass
            AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
        WHERE w.ev_class = c.oid AND d.refobjid <> c.oid) AS uses
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'warp')
ORDER BY 2, 3
