-- The columns that a usable index of each table begins with. From 9.4. Argument: OIDs of the tables,
-- as texts.
SELECT i.indrelid::int8 AS oid, pg_catalog.array_agg(DISTINCT a.attname::text) AS columns
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid IN (SELECT pg_catalog.unnest(?::text[]::oid[])) AND i.indisvalid AND i.indpred IS NULL
GROUP BY i.indrelid
