-- Foreign keys from or to tables, or the partitioned tables above them; those that partitions have
-- from their parents go and come with them. From 9.4. Argument: OIDs of the tables, as texts.
WITH RECURSIVE tables (oid) AS (
    SELECT pg_catalog.unnest(?::text[]::oid[])
    UNION
    SELECT i.inhparent
    FROM tables t
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = t.oid
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent AND p.relkind = 'p'
)
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    con.conname AS constraint_name,
    pg_catalog.pg_get_constraintdef(con.oid) AS definition,
    con.convalidated AS validated,
    c.relkind = 'p' OR rc.relkind = 'p' AS partitioned,
    pg_catalog.obj_description(con.oid, 'pg_constraint') AS constraint_comment
FROM pg_catalog.pg_constraint con
JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
JOIN pg_catalog.pg_class rc ON rc.oid = con.confrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE con.contype = 'f'
    AND con.conparentid = 0 --11+
    AND (con.conrelid IN (SELECT oid FROM tables) OR con.confrelid IN (SELECT oid FROM tables))
ORDER BY n.nspname, c.relname, con.conname
