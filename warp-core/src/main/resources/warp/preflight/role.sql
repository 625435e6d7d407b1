-- What the session's role may do, one row. Managed services give replication by membership in a role
-- of their own. From 9.4.
SELECT r.rolname AS role,
    r.rolsuper AS superuser,
    r.rolsuper OR r.rolreplication OR EXISTS (
        SELECT FROM pg_catalog.pg_roles m
        WHERE m.rolname IN ('rds_replication', 'rds_superuser')
            AND pg_catalog.pg_has_role(r.oid, m.oid, 'MEMBER')) AS replication,
    EXISTS (SELECT FROM pg_catalog.pg_roles m WHERE m.rolname = 'rds_replication') AS on_rds,
    r.rolsuper OR r.rolbypassrls AS bypasses_row_security, --9.5+
    true AS bypasses_row_security, --<9.5
    pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may_create,
    EXISTS (
        SELECT FROM pg_catalog.pg_namespace n
        WHERE n.nspname = 'warp'
            AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
            AND pg_catalog.has_schema_privilege(n.oid, 'CREATE')) AS may_use_warp,
    EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = 'warp') AS warp_exists
FROM pg_catalog.pg_roles r
WHERE r.rolname = current_user
