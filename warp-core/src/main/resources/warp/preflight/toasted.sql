-- Those of the tables that hold values out of line. From 9.4. Argument: OIDs of the tables, as texts.
SELECT c.oid::int8 AS oid
FROM pg_catalog.pg_class c
WHERE c.oid IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
    AND c.reltoastrelid <> 0 AND pg_catalog.pg_relation_size(c.reltoastrelid) > 0
