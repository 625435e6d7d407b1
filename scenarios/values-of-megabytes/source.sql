CREATE TABLE t (id int PRIMARY KEY, v text, b bytea);
INSERT INTO t VALUES (1, repeat('ü\', 5000000), NULL), (2, NULL, decode(repeat('00ff5c', 3000000), 'hex')), (3, 'small', '\x');
CREATE TABLE lines_of_text (id int PRIMARY KEY, v text);
INSERT INTO lines_of_text SELECT i, repeat(E'line\n', 20000) FROM generate_series(1, 10) i;
