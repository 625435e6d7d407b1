-- What belongs to the database itself, as pairs of what and who or which; settings of managed roles
-- too. Database privileges that everybody has by default and PUBLIC lacks here are "revoked". From
-- 9.4.
WITH me AS (
    SELECT d.oid, d.datacl, d.datdba FROM pg_catalog.pg_database d
    WHERE d.datname = pg_catalog.current_database()
)
SELECT 'setting' AS kind, coalesce(r.rolname::text, '') AS role_name, c.setting AS value, false AS grantable
FROM me
JOIN pg_catalog.pg_db_role_setting s ON s.setdatabase = me.oid
LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) c (setting)
WHERE s.setrole = 0 OR r.oid IS NOT NULL
UNION ALL
SELECT 'comment', '', pg_catalog.shobj_description(me.oid, 'pg_database'), false
FROM me
WHERE pg_catalog.shobj_description(me.oid, 'pg_database') IS NOT NULL
UNION ALL
SELECT 'label', l.provider, l.label, false
FROM me
JOIN pg_catalog.pg_shseclabel l
    ON l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND l.objoid = me.oid
UNION ALL
SELECT 'grant', coalesce(r.rolname::text, ''), a.privilege_type, a.is_grantable
FROM me
CROSS JOIN LATERAL pg_catalog.aclexplode(me.datacl) a
LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
WHERE a.grantee <> me.datdba AND (a.grantee = 0 OR r.oid IS NOT NULL)
UNION ALL
SELECT 'revoke', '', p.privilege, false
FROM me, (VALUES ('CONNECT'), ('TEMPORARY')) p (privilege)
WHERE me.datacl IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.aclexplode(me.datacl) a
        WHERE a.grantee = 0 AND a.privilege_type = p.privilege)
ORDER BY 1, 2, 3
