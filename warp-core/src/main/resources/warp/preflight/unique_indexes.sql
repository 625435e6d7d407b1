-- A unique index that could serve as replica identity of each table: all of its columns NOT NULL,
-- not partial, not deferrable, without expressions. From 9.4. Argument: OIDs of the tables, as texts.
SELECT DISTINCT ON (i.indrelid) i.indrelid::int8 AS oid, ic.relname AS index_name
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
WHERE i.indrelid IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
    AND i.indisunique AND i.indimmediate AND i.indisvalid
    AND i.indpred IS NULL AND i.indexprs IS NULL
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull)
ORDER BY i.indrelid, i.indnatts, ic.relname
