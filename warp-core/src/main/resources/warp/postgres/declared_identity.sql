-- The replica identity declared for a table, and its index where there is one. From 9.4. Arguments:
-- schema and name.
SELECT c.relreplident::text AS identity,
    (
        SELECT ic.relname
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
        WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i'
    ) AS index_name
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'r'
