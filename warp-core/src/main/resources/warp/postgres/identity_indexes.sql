-- The unique indexes that could serve as replica identity of each table, the smallest first: all of
-- their columns NOT NULL, not partial, not deferrable, without expressions. From 9.4. Argument: OIDs
-- of the tables, as texts.
SELECT n.nspname AS schema_name, c.relname AS table_name, ic.relname AS index_name,
    (
        SELECT pg_catalog.array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    ) AS columns
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE i.indrelid IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
    AND i.indisunique AND i.indimmediate AND i.indisvalid
    AND i.indpred IS NULL AND i.indexprs IS NULL
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull)
ORDER BY i.indrelid, i.indnatts, ic.relname
