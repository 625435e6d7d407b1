-- Columns that an INSERT must give: NOT NULL, without default, not generated. A domain's default or
-- NOT NULL counts. From 9.4. Argument: OIDs of the tables, as texts.
SELECT a.attrelid::int8 AS oid, pg_catalog.array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attrelid IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
    AND a.attnum > 0 AND NOT a.attisdropped
    AND (a.attnotnull OR t.typnotnull)
    AND NOT a.atthasdef AND t.typdefault IS NULL
    AND a.attidentity = '' --10+
GROUP BY a.attrelid
