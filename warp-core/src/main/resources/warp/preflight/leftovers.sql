-- What a database holds that no row change carries and Warp does not move: large objects. From 9.4.
SELECT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata) AS large_objects
