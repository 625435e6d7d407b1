-- How many objects of the database --sync-schema treats apart, one row. From 9.4. Of publications
-- those of migrations, named like their slot, do not count.
SELECT (SELECT pg_catalog.count(*) FROM pg_catalog.pg_event_trigger) AS event_triggers,
    0 AS publications, --<10
    0 AS subscriptions, --<10
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_publication p --10+
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots s --10+
            WHERE s.slot_name = p.pubname)) AS publications, --10+
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_subscription s --10+
        JOIN pg_catalog.pg_database d ON d.oid = s.subdbid --10+
        WHERE d.datname = pg_catalog.current_database()) AS subscriptions, --10+
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_foreign_table) AS foreign_tables,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_user_mappings) AS user_mappings,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_user_mappings
        WHERE umoptions IS NULL) AS hidden_options,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class
        WHERE reltablespace <> 0 AND oid >= 16384) AS elsewhere
