-- How a database sorts by default: its locale, and the version of what compares texts, where that can
-- be asked. From 9.4.
SELECT d.datcollate AS collation,
    d.datctype AS character_type,
    'c' AS provider, --<15
    NULL::text AS locale, --<15
    NULL::text AS version --<15
    d.datlocprovider::text AS provider, --15+
    coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', --15+
        pg_catalog.to_jsonb(d) ->> 'daticulocale') AS locale, --15+
    pg_catalog.pg_database_collation_actual_version(d.oid) AS version --15+
FROM pg_catalog.pg_database d
WHERE d.datname = pg_catalog.current_database()
