-- Tables of the source whose changes may be in the stream, with what a definition needs; and the
-- partitioned tables above them. Columns stand in definitions.sql. From 9.4.
SELECT c.oid::int8 AS oid,
    n.nspname AS schema_name,
    c.relname AS table_name,
    c.relkind::text AS kind,
    c.relfilenode::int8 AS file_node,
    c.relnatts::int4 AS last_number,
    (c.relreplident = 'f' OR EXISTS (
        SELECT FROM pg_catalog.pg_index i
        WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
            AND (c.relreplident = 'd' AND i.indisprimary
                OR c.relreplident = 'i' AND i.indisreplident))) AS identified,
    c.relispartition AS partition, --10+
    false AS partition, --<10
    (SELECT pg_catalog.max(i.inhparent::int8) FROM pg_catalog.pg_inherits i --10+
        WHERE i.inhrelid = c.oid AND c.relispartition) AS parent, --10+
    NULL::int8 AS parent, --<10
    (
        SELECT coalesce(pg_catalog.array_agg(
            pg_catalog.concat(a.attnum, a.attgenerated, ' ', a.atttypid, ' ', a.atttypmod, ' 0 ', a.attname) --12+
            pg_catalog.concat(a.attnum, ' ', a.atttypid, ' ', a.atttypmod, ' 0 ', a.attname) --<12
            ORDER BY a.attnum), '{}')
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS columns
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p')
    AND c.relpersistence = 'p'
    AND n.nspname <> 'warp'
    AND n.nspname <> 'information_schema'
    AND n.nspname !~ '^pg_'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
