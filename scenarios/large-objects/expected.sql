-- both
SELECT oid, lo_get(oid), obj_description(oid, 'pg_largeobject'), array_to_string(ARRAY(SELECT a::text FROM unnest(lomacl) a ORDER BY 1), ',') FROM pg_largeobject_metadata ORDER BY 1
