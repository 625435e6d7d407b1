-- What the session's role may do with tables. From 9.4. Argument: OIDs of the tables, as texts.
SELECT c.oid::int8 AS oid,
    n.nspname AS schema_name,
    pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usage,
    pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owner,
    pg_catalog.has_table_privilege(c.oid, 'SELECT') AS may_select,
    pg_catalog.has_table_privilege(c.oid, 'INSERT')
        AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')
        AND pg_catalog.has_table_privilege(c.oid, 'DELETE')
        AND pg_catalog.has_table_privilege(c.oid, 'TRUNCATE') AS may_write
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
