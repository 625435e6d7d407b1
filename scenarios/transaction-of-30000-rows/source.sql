CREATE TABLE t (id int PRIMARY KEY, v text, n int);
CREATE INDEX ON t (n);
INSERT INTO t SELECT i, repeat('v', 20), i FROM generate_series(1, 10000) i;
