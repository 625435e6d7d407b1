CREATE TABLE t (id int PRIMARY KEY, u int UNIQUE, v text);
INSERT INTO t SELECT i, i, 'v' || i FROM generate_series(1, 100) i;
