-- Bytes of no encoding: those that are UTF-8 arrive.
CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t SELECT i, 'Größe ' || i FROM generate_series(1, 100) i;
