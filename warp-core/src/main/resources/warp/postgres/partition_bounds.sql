-- The condition that all rows of a partition meet, without those that only this server understands.
-- From 10. Argument: OIDs of the tables, as texts.
SELECT n.nspname AS schema_name, c.relname AS table_name,
    pg_catalog.pg_get_partition_constraintdef(c.oid) AS bounds
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
    AND pg_catalog.pg_get_partition_constraintdef(c.oid) !~ 'satisfies_hash_partition'
