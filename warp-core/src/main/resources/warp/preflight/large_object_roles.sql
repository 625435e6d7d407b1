-- The roles that large objects name. From 9.4.
SELECT r.rolname AS role_name, bool_or(x.owner) AS owner, bool_or(NOT x.owner) AS acl,
    false AS policy
FROM (
    SELECT m.lomowner AS role, true AS owner FROM pg_catalog.pg_largeobject_metadata m
    UNION
    SELECT a.grantee, false
    FROM (SELECT DISTINCT lomacl::text AS acl FROM pg_catalog.pg_largeobject_metadata) m,
        pg_catalog.aclexplode(m.acl::aclitem[]) a
) x
JOIN pg_catalog.pg_roles r ON r.oid = x.role
GROUP BY 1
ORDER BY 1
