-- Which of these roles, schemas, settings and functions the server has, one row. Settings that only a
-- superuser may see are not asked for their value, as that would be refused; those that the
-- configuration file alone has named are in no pg_settings, but can be asked. From 9.4. Arguments: the
-- four lists of names.
SELECT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) AS superuser,
    array(SELECT r.rolname::text FROM pg_catalog.pg_roles r WHERE r.rolname = ANY (?::text[]))
        AS roles,
    array(SELECT n.nspname::text FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY (?::text[]))
        AS schemas,
    array(SELECT s.name FROM pg_catalog.unnest(?::text[]) s (name)
        WHERE CASE
            WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_settings g WHERE g.name = s.name) THEN true
            ELSE pg_catalog.current_setting(s.name, true) IS NOT NULL --9.6+
            ELSE false --<9.6
        END) AS settings,
    array(SELECT p.proname::text FROM pg_catalog.pg_proc p WHERE p.proname = ANY (?::text[]))
        AS functions
