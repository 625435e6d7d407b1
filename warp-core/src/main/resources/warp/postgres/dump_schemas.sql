-- The schemas of a database that patterns may choose, and whether extensions live there. From 9.4.
SELECT n.nspname AS schema_name,
    EXISTS (SELECT 1 FROM pg_catalog.pg_extension e WHERE e.extnamespace = n.oid) AS has_extension
FROM pg_catalog.pg_namespace n
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'warp')
ORDER BY 1
