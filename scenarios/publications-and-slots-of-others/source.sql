-- What others have made for their own replication stays theirs.
CREATE TABLE t (id int PRIMARY KEY, v text);
CREATE TABLE u (id int PRIMARY KEY);
INSERT INTO t SELECT i, 'v' FROM generate_series(1, 20) i;
CREATE PUBLICATION theirs FOR TABLE t, u;
CREATE PUBLICATION all_tables FOR ALL TABLES;
SELECT pg_create_logical_replication_slot('publications_and_slots_others', 'test_decoding');
CREATE SUBSCRIPTION from_elsewhere CONNECTION 'host=nowhere.invalid' PUBLICATION x WITH (connect = false, slot_name = NONE);
