-- The users' triggers that fire on rows written by an ordinary session: O = as made, A = ENABLE ALWAYS.
-- Those that a partition has from its parent are internal before 15, but belong to no constraint.
-- From 9.4. Argument: OIDs of the tables, as texts.
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    t.tgname AS trigger_name,
    t.tgenabled = 'A' AS always
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE t.tgrelid IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
    AND (NOT t.tgisinternal OR t.tgconstraint = 0)
    AND t.tgenabled IN ('O', 'A')
ORDER BY n.nspname, c.relname, t.tgname
