-- Every sequence outside of PostgreSQL's own schemas and of schema warp, not temporary and not part
-- of an extension: the column that owns it (serial, identity), and the tables whose defaults name it.
-- Attributes are kept in the catalog from 10 on, before that with the value. Asks for no value, so
-- that nothing is locked: pg_sequences takes a lock for each row and runs out of them. From 9.4.
SELECT c.oid::int8 AS oid,
    n.nspname AS schema_name,
    c.relname AS sequence_name,
    owner_schema.nspname AS owner_schema,
    owner_table.relname AS owner_name,
    coalesce(u.schemas, '{}') AS user_schemas,
    coalesce(u.names, '{}') AS user_names,
    coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), false)
        AND coalesce(pg_catalog.has_sequence_privilege(c.oid, 'SELECT'), false) AS may_read,
    coalesce(pg_catalog.has_sequence_privilege(c.oid, 'UPDATE'), false) AS may_update,
    pg_catalog.format_type(s.seqtypid, NULL) AS type_name, --10+
    s.seqincrement AS increment, --10+
    s.seqmin AS minimum, --10+
    s.seqmax AS maximum, --10+
    s.seqcache AS cache, --10+
    s.seqcycle AS cycles, --10+
    c.relkind
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid --10+
LEFT JOIN pg_catalog.pg_depend o
    ON o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objid = c.oid
        AND o.objsubid = 0
        AND o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.refobjsubid > 0
        AND o.deptype IN ('a', 'i')
LEFT JOIN pg_catalog.pg_class owner_table ON owner_table.oid = o.refobjid
LEFT JOIN pg_catalog.pg_namespace owner_schema ON owner_schema.oid = owner_table.relnamespace
LEFT JOIN (
    SELECT d.refobjid,
        pg_catalog.array_agg(tn.nspname::text ORDER BY t.oid) AS schemas,
        pg_catalog.array_agg(t.relname::text ORDER BY t.oid) AS names
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_class used ON used.oid = d.refobjid AND used.relkind = 'S'
    JOIN pg_catalog.pg_attrdef a ON a.oid = d.objid
    JOIN pg_catalog.pg_class t ON t.oid = a.adrelid
    JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
    WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    GROUP BY d.refobjid
) u ON u.refobjid = c.oid
WHERE c.relkind = 'S'
    AND c.relpersistence <> 't'
    AND n.nspname <> 'warp'
    AND n.nspname <> 'information_schema'
    AND n.nspname !~ '^pg_'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
ORDER BY n.nspname, c.relname
