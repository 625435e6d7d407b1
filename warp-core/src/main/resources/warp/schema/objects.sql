-- The objects of a database that pg_dump would make, apart from those of extensions, of system
-- schemas and of schema warp; their identities as the server prints them. From 9.4.
SELECT o.classid::oid::text AS class_id, o.objid::text AS object_id, i.type, i.identity
FROM (
    SELECT 'pg_catalog.pg_class'::regclass AS classid, c.oid AS objid, c.relnamespace AS schema
    FROM pg_catalog.pg_class c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.typnamespace
    FROM pg_catalog.pg_type t
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE t.typtype IN ('b', 'd', 'e', 'r', 'c') AND t.typisdefined
        AND (t.typrelid = 0 OR c.relkind = 'c')
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, p.pronamespace FROM pg_catalog.pg_proc p
    WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
    UNION ALL
    SELECT 'pg_catalog.pg_collation'::regclass, l.oid, l.collnamespace FROM pg_catalog.pg_collation l
    UNION ALL
    SELECT 'pg_catalog.pg_conversion'::regclass, v.oid, v.connamespace FROM pg_catalog.pg_conversion v
    UNION ALL
    SELECT 'pg_catalog.pg_operator'::regclass, r.oid, r.oprnamespace FROM pg_catalog.pg_operator r
    WHERE r.oprcode <> 0
    UNION ALL
    SELECT 'pg_catalog.pg_opfamily'::regclass, f.oid, f.opfnamespace FROM pg_catalog.pg_opfamily f
    UNION ALL
    SELECT 'pg_catalog.pg_opclass'::regclass, s.oid, s.opcnamespace FROM pg_catalog.pg_opclass s
    UNION ALL
    SELECT 'pg_catalog.pg_ts_config'::regclass, g.oid, g.cfgnamespace FROM pg_catalog.pg_ts_config g
    UNION ALL
    SELECT 'pg_catalog.pg_ts_dict'::regclass, y.oid, y.dictnamespace FROM pg_catalog.pg_ts_dict y
    UNION ALL
    SELECT 'pg_catalog.pg_ts_parser'::regclass, a.oid, a.prsnamespace FROM pg_catalog.pg_ts_parser a
    UNION ALL
    SELECT 'pg_catalog.pg_ts_template'::regclass, m.oid, m.tmplnamespace FROM pg_catalog.pg_ts_template m
    UNION ALL --10+
    SELECT 'pg_catalog.pg_statistic_ext'::regclass, x.oid, x.stxnamespace FROM pg_catalog.pg_statistic_ext x --10+
) o
JOIN pg_catalog.pg_namespace n ON n.oid = o.schema,
LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'warp')
    AND n.nspname NOT IN (SELECT pg_catalog.unnest(?::text[]))
    AND o.objid::text NOT IN (SELECT pg_catalog.unnest(?::text[]))
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
        WHERE e.classid = o.classid AND e.objid = o.objid AND e.deptype = 'e')
UNION ALL
SELECT o.classid::oid::text, o.objid::text, i.type, i.identity
FROM (
    SELECT 'pg_catalog.pg_cast'::regclass AS classid, c.oid AS objid FROM pg_catalog.pg_cast c
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid FROM pg_catalog.pg_foreign_data_wrapper w
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::regclass, s.oid FROM pg_catalog.pg_foreign_server s
) o,
LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
WHERE o.objid >= 16384
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
        WHERE e.classid = o.classid AND e.objid = o.objid AND e.deptype IN ('e', 'i'))
