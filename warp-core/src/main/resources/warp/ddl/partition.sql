-- How a table is partitioned and where it stands below its parent. From 10. Argument: its OID.
SELECT pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound,
    CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_key
FROM pg_catalog.pg_class c
WHERE c.oid = ?::oid
