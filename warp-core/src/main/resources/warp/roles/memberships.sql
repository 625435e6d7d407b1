-- Who is a member of which role; a grant counts once, whoever gave it. From 9.4.
SELECT r.rolname AS role_name, m.rolname AS member_name,
    bool_or(a.admin_option) AS admin,
    bool_or(a.inherit_option) AS inherits, --16+
    bool_or(a.set_option) AS sets --16+
    true AS inherits, --<16
    true AS sets --<16
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
JOIN pg_catalog.pg_roles m ON m.oid = a.member
GROUP BY 1, 2
ORDER BY 1, 2
