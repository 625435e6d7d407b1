-- Whether a database has large objects, which belong to no table. From 9.4.
SELECT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata) AS large_objects
