-- What DROP … CASCADE of these objects would take along: a view through its rule, and so on.
-- From 9.4.
WITH RECURSIVE seed (classid, objid) AS (
    SELECT s.classid::oid, s.objid::oid FROM unnest(?::text[], ?::text[]) s (classid, objid)
), gone (classid, objid) AS (
    SELECT classid, objid FROM seed
    UNION
    SELECT d.classid, d.objid
    FROM gone g
    JOIN LATERAL (
        SELECT n.classid, n.objid FROM pg_catalog.pg_depend n
        WHERE n.refclassid = g.classid AND n.refobjid = g.objid AND n.deptype IN ('n', 'a', 'i')
        UNION ALL
        SELECT w.refclassid, w.refobjid FROM pg_catalog.pg_depend w
        WHERE w.classid = g.classid AND w.objid = g.objid AND w.deptype = 'i'
    ) d ON true
)
SELECT i.type, i.identity
FROM gone g
LEFT JOIN pg_catalog.pg_class c ON g.classid = 'pg_catalog.pg_class'::regclass AND c.oid = g.objid
LEFT JOIN pg_catalog.pg_type t ON g.classid = 'pg_catalog.pg_type'::regclass AND t.oid = g.objid
LEFT JOIN pg_catalog.pg_constraint k
    ON g.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = g.objid
LEFT JOIN seed s ON s.classid = g.classid AND s.objid = g.objid
LEFT JOIN seed o ON o.classid = 'pg_catalog.pg_class'::regclass AND o.objid = k.conrelid,
LATERAL pg_catalog.pg_identify_object(g.classid, g.objid, 0) i
WHERE s.objid IS NULL
    AND (c.relkind IN ('r', 'p', 'v', 'm', 'f')
        OR (t.oid IS NOT NULL AND t.typtype IN ('d', 'e', 'r') AND t.typrelid = 0)
        OR g.classid = 'pg_catalog.pg_proc'::regclass
        OR (k.contype = 'f' AND o.objid IS NULL))
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
        WHERE e.classid = g.classid AND e.objid = g.objid AND e.deptype = 'e')
ORDER BY 1, 2
