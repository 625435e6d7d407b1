-- Every table whose rows can be moved: ordinary and leaf partitions, permanent and logged, outside
-- of PostgreSQL's own schemas and of schema warp, not part of an extension. One row a table, its
-- columns packed into texts "number type typmod flags name", so that 100,000 tables fit in memory.
-- Flags: n = not null, g = generated, a = GENERATED ALWAYS AS IDENTITY, - = none.
-- A key that is deferrable or not valid does not identify rows in the log, so it is not given.
-- From 9.4. Argument: whether partitioned tables are wanted as well.
SELECT c.oid::int8 AS oid,
    n.nspname AS schema_name,
    c.relname AS table_name,
    c.relreplident::text AS identity,
    c.reltuples::float8 AS rows_estimated,
    coalesce(pg_catalog.pg_table_size(c.oid), 0) AS bytes,
    coalesce(pg_catalog.pg_relation_size(c.oid), 0)
        / pg_catalog.current_setting('block_size')::int8 AS heap_pages,
    c.relkind = 'p' AS partitioned,
    c.relispartition AS partition, --10+
    false AS partition, --<10
    c.relrowsecurity AS row_security, --9.5+
    c.relforcerowsecurity AS row_security_forced, --9.5+
    false AS row_security, --<9.5
    false AS row_security_forced, --<9.5
    (
        SELECT coalesce(pg_catalog.array_agg(
            pg_catalog.concat(a.attnum, ' ', a.atttypid, ' ', a.atttypmod, ' ',
                CASE WHEN a.attnotnull THEN 'n' END,
                CASE WHEN a.attgenerated <> '' THEN 'g' END, --12+
                CASE WHEN a.attidentity = 'a' THEN 'a' END, --10+
                '- ', a.attname)
            ORDER BY a.attnum), '{}')
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS columns,
    (
        SELECT coalesce(pg_catalog.array_agg(a.attname::text ORDER BY k.position), '{}')
        FROM pg_catalog.pg_index i
        CROSS JOIN LATERAL pg_catalog.generate_series(0, i.indnkeyatts - 1) k (position) --11+
        CROSS JOIN LATERAL pg_catalog.generate_series(0, i.indnatts - 1) k (position) --<11
        JOIN pg_catalog.pg_attribute a
            ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.position]
        WHERE i.indrelid = c.oid
            AND (c.relreplident = 'd' AND i.indisprimary
                OR c.relreplident = 'i' AND i.indisreplident)
            AND i.indisvalid AND i.indisunique AND i.indimmediate
    ) AS key_columns
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE (c.relkind = 'r' OR c.relkind = 'p' AND ?::boolean)
    AND c.relpersistence = 'p'
    AND n.nspname <> 'warp'
    AND n.nspname <> 'information_schema'
    AND n.nspname !~ '^pg_'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
ORDER BY n.nspname, c.relname
