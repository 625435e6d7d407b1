-- The roles that definitions of a database name, apart from those of extensions and of what is left
-- out: schemas by name, relations by OID. The bootstrap superuser is in no pg_shdepend. From 9.4.
SELECT r.rolname AS role_name,
    bool_or(x.kind = 'o') AS owner,
    bool_or(x.kind = 'a') AS acl,
    bool_or(x.kind = 'r') AS policy
FROM (
    SELECT d.classid, d.objid, d.refobjid AS role,
        CASE WHEN d.classid = 'pg_catalog.pg_default_acl'::regclass THEN 'a' ELSE d.deptype::text END AS kind
    FROM pg_catalog.pg_shdepend d
    WHERE d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        AND d.refclassid = 'pg_catalog.pg_authid'::regclass
        AND d.deptype IN ('o', 'a', 'r')
        AND d.classid NOT IN (
            SELECT k.oid FROM pg_catalog.pg_class k
            WHERE k.relnamespace = 11
                AND k.relname IN ('pg_publication', 'pg_subscription', 'pg_event_trigger',
                    'pg_largeobject', 'pg_largeobject_metadata', 'pg_extension'))
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, c.oid, c.relowner, 'o'
    FROM pg_catalog.pg_class c
    WHERE c.relowner = 10 AND c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, p.proowner, 'o'
    FROM pg_catalog.pg_proc p WHERE p.proowner = 10 AND p.oid >= 16384
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.typowner, 'o'
    FROM pg_catalog.pg_type t WHERE t.typowner = 10 AND t.oid >= 16384
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::regclass, n.oid, n.nspowner, 'o'
    FROM pg_catalog.pg_namespace n WHERE n.nspowner = 10 AND n.oid >= 16384
) x
JOIN pg_catalog.pg_roles r ON r.oid = x.role
LEFT JOIN pg_catalog.pg_class c ON x.classid = 'pg_catalog.pg_class'::regclass AND c.oid = x.objid
LEFT JOIN pg_catalog.pg_proc p ON x.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = x.objid
LEFT JOIN pg_catalog.pg_type t ON x.classid = 'pg_catalog.pg_type'::regclass AND t.oid = x.objid
LEFT JOIN pg_catalog.pg_namespace n
    ON n.oid = coalesce(c.relnamespace, p.pronamespace, t.typnamespace,
        CASE WHEN x.classid = 'pg_catalog.pg_namespace'::regclass THEN x.objid END)
WHERE (n.nspname IS NULL
        OR (n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname NOT IN (SELECT pg_catalog.unnest(?::text[]))))
    AND (c.oid IS NULL OR c.oid::text NOT IN (SELECT pg_catalog.unnest(?::text[])))
    AND (t.typrelid IS NULL OR t.typrelid = 0 OR t.typrelid::text NOT IN (SELECT pg_catalog.unnest(?::text[])))
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
        WHERE e.classid = x.classid AND e.objid = x.objid AND e.deptype = 'e')
GROUP BY 1
ORDER BY 1
