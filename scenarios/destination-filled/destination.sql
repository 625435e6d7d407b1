CREATE TABLE t (id int PRIMARY KEY, v text);
CREATE TABLE refers (id int PRIMARY KEY, t int REFERENCES t);
INSERT INTO t SELECT i, 'old' FROM generate_series(1, 100) i;
INSERT INTO refers SELECT i, i FROM generate_series(1, 100) i;
