CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), c text, d real, e timestamp);
CREATE TABLE plain (id int PRIMARY KEY, v text);
INSERT INTO t SELECT i, i, 'b' || i, 'c', i / 2.0, '2024-01-01'::timestamp + i * interval '1 s' FROM generate_series(1, 3000) i;
INSERT INTO plain SELECT i, 'v' FROM generate_series(1, 100) i;
