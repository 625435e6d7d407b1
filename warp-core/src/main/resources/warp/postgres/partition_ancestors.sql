-- The partitioned tables above each leaf partition, the nearest first; as pairs of schema and name
-- in one list. From 10: there are no partitions before.
WITH RECURSIVE above (leaf, ancestor, distance) AS (
    SELECT i.inhrelid, i.inhparent, 1
    FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
    WHERE c.relkind = 'r' AND c.relispartition
    UNION ALL
    SELECT a.leaf, i.inhparent, a.distance + 1
    FROM above a
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.ancestor
)
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    pg_catalog.array_agg(an.nspname::text ORDER BY a.distance) AS ancestor_schemas,
    pg_catalog.array_agg(ac.relname::text ORDER BY a.distance) AS ancestor_names
FROM above a
JOIN pg_catalog.pg_class c ON c.oid = a.leaf
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class ac ON ac.oid = a.ancestor
JOIN pg_catalog.pg_namespace an ON an.oid = ac.relnamespace
GROUP BY n.nspname, c.relname
