-- Rules that change what an INSERT, UPDATE or DELETE of an ordinary session does: O = as made, A =
-- ENABLE ALWAYS. From 9.4. Argument: OIDs of the tables, as texts.
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    r.rulename AS rule_name,
    r.ev_enabled = 'A' AS always
FROM pg_catalog.pg_rewrite r
JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE r.ev_class IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
    AND r.ev_type <> '1'
    AND r.ev_enabled IN ('O', 'A')
ORDER BY n.nspname, c.relname, r.rulename
