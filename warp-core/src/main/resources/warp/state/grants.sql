-- Who but the owner has a privilege on the schema warp (object_name empty) or on a table in it;
-- PUBLIC is NULL.
SELECT DISTINCT o.object_name, r.rolname AS role_name
FROM (
    SELECT '' AS object_name, n.nspowner AS owner, n.nspacl AS acl
    FROM pg_catalog.pg_namespace n
    WHERE n.nspname = 'warp'
    UNION ALL
    SELECT c.relname, c.relowner, c.relacl
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'warp' AND c.relkind = 'r'
) o
CROSS JOIN LATERAL pg_catalog.aclexplode(o.acl) a
LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
WHERE a.grantee <> o.owner
ORDER BY 1, 2
