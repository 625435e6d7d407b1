-- The roles of a server but its own, with the settings that hold in every database as texts
-- "name=value". Passwords are in another query. From 9.4.
SELECT r.rolname AS role_name,
    r.rolsuper AS superuser,
    r.rolinherit AS inherits,
    r.rolcreaterole AS creates_roles,
    r.rolcreatedb AS creates_databases,
    r.rolcanlogin AS logs_in,
    r.rolreplication AS replicates,
    r.rolbypassrls AS bypasses_row_security, --9.5+
    false AS bypasses_row_security, --<9.5
    r.rolconnlimit AS connections_max,
    r.rolvaliduntil::text AS valid_until,
    pg_catalog.shobj_description(r.oid, 'pg_authid') AS remark,
    coalesce((SELECT s.setconfig FROM pg_catalog.pg_db_role_setting s
        WHERE s.setrole = r.oid AND s.setdatabase = 0), '{}') AS settings
FROM pg_catalog.pg_roles r
WHERE r.rolname !~ '^pg_'
ORDER BY 1
