-- Indexes of tables that can be dropped and built again exactly, with the primary key or unique
-- constraint that owns one: none of an exclusion constraint, of a key WITHOUT OVERLAPS, attached to
-- an index of a partitioned table, not valid, or bound to an extension.
-- Statistics targets: texts "column target". From 9.4. Argument: OIDs of the tables, as texts.
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    ic.relname AS index_name,
    pg_catalog.pg_get_indexdef(i.indexrelid) AS definition,
    coalesce(s.spcname, '') AS tablespace,
    i.indisclustered AS clustered,
    i.indisreplident AS replica_identity,
    pg_catalog.obj_description(i.indexrelid, 'pg_class') AS index_comment,
    con.conname AS constraint_name,
    coalesce(con.contype = 'p', false) AS primary_key,
    coalesce(con.condeferrable, false) AS deferrable,
    coalesce(con.condeferred, false) AS deferred,
    pg_catalog.obj_description(con.oid, 'pg_constraint') AS constraint_comment,
    (
        SELECT coalesce(pg_catalog.array_agg(
            a.attnum || ' ' || a.attstattarget ORDER BY a.attnum), '{}')
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0
            AND false --<11
    ) AS statistics_targets
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = ic.reltablespace
LEFT JOIN pg_catalog.pg_constraint con
    ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u', 'x')
WHERE i.indrelid IN (SELECT pg_catalog.unnest(?::text[]::oid[]))
    AND c.relkind = 'r'
    AND i.indisvalid
    AND con.contype IS DISTINCT FROM 'x'
    AND con.conperiod IS NOT TRUE --18+
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid)
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid = i.indexrelid AND d.deptype IN ('e', 'x'))
ORDER BY n.nspname, c.relname, con.conname IS NULL, ic.relname
