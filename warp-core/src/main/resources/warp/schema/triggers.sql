-- The users' triggers that fire even where session_replication_role is replica: A = ENABLE ALWAYS,
-- R = ENABLE REPLICA. From 9.4. Argument: OIDs of the tables, as texts.
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    t.tgname AS trigger_name,
    t.tgenabled = 'A' AS always
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE t.tgrelid IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
    AND NOT t.tgisinternal
    AND t.tgenabled IN ('A', 'R')
ORDER BY n.nspname, c.relname, t.tgname
