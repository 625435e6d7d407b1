-- Which of these tables may hold rows: those with a page; a partitioned table always, as its own file
-- tells nothing. From 9.4. Argument: OIDs of the tables, as texts.
SELECT c.oid::int8 AS oid
FROM pg_catalog.unnest(?::text[]::oid[]) t (oid)
JOIN pg_catalog.pg_class c ON c.oid = t.oid
WHERE c.relkind <> 'r' OR pg_catalog.pg_relation_size(c.oid) > 0
