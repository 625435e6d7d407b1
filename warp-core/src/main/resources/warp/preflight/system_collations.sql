-- Collations that the server itself brings and that something of a user needs. From 9.4.
SELECT DISTINCT l.collname AS name
FROM pg_catalog.pg_collation l
JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_collation'::pg_catalog.regclass
    AND d.refobjid = l.oid
WHERE l.collnamespace = 'pg_catalog'::pg_catalog.regnamespace AND d.objid >= 16384 --9.5+
WHERE l.collnamespace = 11 AND d.objid >= 16384 --<9.5
ORDER BY 1
