-- The tables that these inherit from, however far above, such as the partitioned ones they are
-- partitions of. From 9.4. Argument: OIDs of tables, as texts.
WITH RECURSIVE above (oid) AS (
    SELECT i.inhparent
    FROM pg_catalog.unnest(?::text[]::oid[]) t (oid)
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = t.oid
    UNION
    SELECT i.inhparent
    FROM above a
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.oid
)
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    c.relkind = 'p' AS partitioned,
    EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) AS beneath_another
FROM above a
JOIN pg_catalog.pg_class c ON c.oid = a.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
ORDER BY 1, 2
