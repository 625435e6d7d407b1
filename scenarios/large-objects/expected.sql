-- both
SELECT m.oid, pg_get_userbyid(m.lomowner), array(SELECT a::text FROM unnest(m.lomacl) a ORDER BY 1), obj_description(m.oid, 'pg_largeobject'), md5(lo_get(m.oid)) FROM pg_largeobject_metadata m ORDER BY m.oid
-- both
SELECT id, md5(lo_get(scan)) FROM letter ORDER BY id
