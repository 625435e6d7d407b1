-- The roles that the privileges of the database itself name, and those with settings in it. From 9.4.
SELECT r.rolname AS role_name, false AS owner, bool_or(x.acl) AS acl, bool_or(NOT x.acl) AS policy
FROM (
    SELECT a.grantee AS role, true AS acl
    FROM pg_catalog.pg_database d CROSS JOIN LATERAL pg_catalog.aclexplode(d.datacl) a
    WHERE d.datname = pg_catalog.current_database() AND a.grantee <> d.datdba
    UNION ALL
    SELECT s.setrole, false
    FROM pg_catalog.pg_db_role_setting s
    JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
    WHERE d.datname = pg_catalog.current_database()
) x
JOIN pg_catalog.pg_roles r ON r.oid = x.role
GROUP BY 1
ORDER BY 1
