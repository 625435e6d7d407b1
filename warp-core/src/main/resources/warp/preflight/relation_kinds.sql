-- What else bears the name of a table that was looked for. From 9.4. Arguments: schemas and names,
-- as two lists in step.
SELECT n.nspname AS schema_name, c.relname AS table_name,
    CASE c.relkind
        WHEN 'p' THEN 'a partitioned table'
        WHEN 'v' THEN 'a view'
        WHEN 'm' THEN 'a materialized view'
        WHEN 'f' THEN 'a foreign table'
        WHEN 'S' THEN 'a sequence'
        WHEN 'r' THEN
            CASE c.relpersistence WHEN 'u' THEN 'an unlogged table' ELSE 'part of an extension' END
        ELSE 'something else'
    END AS kind
FROM (SELECT pg_catalog.unnest(?::text[]) AS schema_name, pg_catalog.unnest(?::text[]) AS name) w
JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema_name
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
