-- The large objects after one OID, with what is known of them without reading them: an ACL as three
-- lists, '' for PUBLIC. "identity" changes with owner, privileges and comment. From 9.4.
-- Arguments: an OID as number, most rows.
SELECT m.oid::int8 AS oid,
    pg_catalog.pg_get_userbyid(m.lomowner) AS owner,
    m.lomacl IS NOT NULL AS has_acl,
    array(SELECT CASE WHEN a.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(a.grantee) END
        FROM pg_catalog.aclexplode(m.lomacl) WITH ORDINALITY a ORDER BY a.ordinality) AS grantees,
    array(SELECT a.privilege_type
        FROM pg_catalog.aclexplode(m.lomacl) WITH ORDINALITY a ORDER BY a.ordinality) AS privileges,
    array(SELECT a.is_grantable
        FROM pg_catalog.aclexplode(m.lomacl) WITH ORDINALITY a ORDER BY a.ordinality) AS grantable,
    pg_catalog.obj_description(m.oid, 'pg_largeobject') AS remark,
    pg_catalog.md5(pg_catalog.concat_ws('|', pg_catalog.pg_get_userbyid(m.lomowner), m.lomacl::text,
        pg_catalog.obj_description(m.oid, 'pg_largeobject'))) AS identity,
    r.rolsuper
        OR pg_catalog.pg_has_role(m.lomowner, 'USAGE')
        OR pg_catalog.current_setting('lo_compat_privileges') = 'on'
        OR EXISTS (SELECT 1 FROM pg_catalog.aclexplode(m.lomacl) a
            WHERE a.privilege_type = 'SELECT'
                AND CASE WHEN a.grantee = 0 THEN true
                    ELSE pg_catalog.pg_has_role(a.grantee, 'USAGE') END) AS may_read
FROM pg_catalog.pg_largeobject_metadata m
JOIN pg_catalog.pg_roles r ON r.rolname = current_user
WHERE m.oid > ?::int8::oid
ORDER BY m.oid
LIMIT ?
