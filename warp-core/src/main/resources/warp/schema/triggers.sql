-- The users' triggers that fire even where session_replication_role is replica: A = ENABLE ALWAYS,
-- R = ENABLE REPLICA; of the tables and of the partitions that rows sent to them land in. From 9.4.
-- Argument: OIDs of the tables, as texts.
WITH RECURSIVE receiving (oid) AS (
    SELECT pg_catalog.unnest(?::text[]::oid[])
    UNION
    SELECT i.inhrelid
    FROM receiving r
    JOIN pg_catalog.pg_class p ON p.oid = r.oid AND p.relkind = 'p'
    JOIN pg_catalog.pg_inherits i ON i.inhparent = r.oid
)
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    t.tgname AS trigger_name,
    t.tgenabled = 'A' AS always
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE t.tgrelid IN (SELECT r.oid FROM receiving r)
    AND NOT t.tgisinternal
    AND t.tgenabled IN ('A', 'R')
ORDER BY n.nspname, c.relname, t.tgname
