-- Tables and sequences of extensions whose rows belong to the users (pg_extension_config_dump), with
-- the condition that tells these rows. Those of extensions that act on their rows by themselves are
-- left out: their jobs would run at both sides. From 9.4.
SELECT e.extname AS extension_name, n.nspname AS schema_name, c.relname AS table_name,
    c.relkind = 'S' AS sequence,
    coalesce(g.condition, '') AS condition,
    array(SELECT a.attname::text FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attgenerated = '' --12+
        ORDER BY a.attnum) AS columns
FROM pg_catalog.pg_extension e
CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) g (oid, condition)
JOIN pg_catalog.pg_class c ON c.oid = g.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'S') AND e.extname NOT IN ('pg_cron', 'timescaledb')
ORDER BY 1, 2, 3
