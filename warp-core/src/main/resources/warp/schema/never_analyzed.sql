-- Which of these tables have pages or partitions, and statistics that nobody has collected yet, as
-- far as the server remembers: a crash makes it forget. From 9.4. Argument: OIDs of tables, as texts.
SELECT c.oid::int8 AS oid
FROM pg_catalog.unnest(?::text[]::oid[]) t (oid)
JOIN pg_catalog.pg_class c ON c.oid = t.oid
WHERE (c.relkind <> 'r' OR pg_catalog.pg_relation_size(c.oid) > 0)
    AND pg_catalog.pg_stat_get_last_analyze_time(c.oid) IS NULL
    AND pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid) IS NULL
