-- The foreign keys of a database, but for those that partitions have from their parents. From 9.4.
SELECT con.conname AS name,
    n.nspname AS schema_name, c.relname AS table_name,
    rn.nspname AS referenced_schema, rc.relname AS referenced_name
FROM pg_catalog.pg_constraint con
JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class rc ON rc.oid = con.confrelid
JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
WHERE con.contype = 'f'
    AND con.conparentid = 0 --11+
ORDER BY 2, 3, 1
