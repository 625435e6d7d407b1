-- What a database holds that no row change carries: large objects and sequences. From 9.4.
SELECT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata) AS large_objects,
    (
        SELECT pg_catalog.count(*)
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname <> 'warp'
    ) AS sequences
