-- OID 4000000000 has its highest bit set; 3001 has a hole that no page fills; 3002 is empty.
CREATE ROLE large_objects_keeper;
CREATE ROLE large_objects_reader;
CREATE TABLE letter (id int PRIMARY KEY, scan oid);
INSERT INTO letter SELECT i, lo_from_bytea(0, convert_to(repeat('letter ' || i, i), 'UTF8')) FROM generate_series(1, 300) i;
SELECT lo_from_bytea(4000000000, decode(repeat('00ff10', 1000000), 'hex'));
SELECT lo_create(3001);
SELECT lo_put(3001, 5000000, 'behind a hole');
SELECT lo_create(3002);
SELECT lo_from_bytea(3003, 'to be dropped');
ALTER LARGE OBJECT 3001 OWNER TO large_objects_keeper;
GRANT SELECT ON LARGE OBJECT 3001 TO large_objects_reader WITH GRANT OPTION;
GRANT UPDATE ON LARGE OBJECT 3001 TO PUBLIC;
REVOKE UPDATE ON LARGE OBJECT 3001 FROM large_objects_keeper;
COMMENT ON LARGE OBJECT 3001 IS 'it''s "3001"';
