-- Who owns the schema warp (object_name empty) and each relation in it, and whether Warp's role may
-- trust that: itself, a superuser, or, unless it is one itself, a role that it is a member of.
SELECT o.object_name, r.rolname AS owner_name,
    r.oid = me.oid OR r.rolsuper
        OR (NOT me.rolsuper AND pg_catalog.pg_has_role(me.oid, r.oid, 'MEMBER')) AS trusted
FROM (
    SELECT '' AS object_name, n.nspowner AS owner
    FROM pg_catalog.pg_namespace n
    WHERE n.nspname = 'warp'
    UNION ALL
    SELECT c.relname, c.relowner
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'warp' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
) o
JOIN pg_catalog.pg_roles r ON r.oid = o.owner
CROSS JOIN (SELECT oid, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) me
