-- As many columns as a table can have.
SELECT 'CREATE TABLE wide (id int PRIMARY KEY, ' || string_agg('c' || i || ' ' || CASE i % 4 WHEN 0 THEN 'int' WHEN 1 THEN 'bool' WHEN 2 THEN 'smallint' ELSE '"char"' END, ', ') || ')' FROM generate_series(1, 1599) i \gexec
INSERT INTO wide (id, c1, c4, c1599) SELECT i, true, i, 'x' FROM generate_series(1, 20) i;
CREATE TABLE wide_full (a int, b int);
SELECT 'ALTER TABLE wide_full ' || string_agg('ADD x' || i || ' bool', ', ') FROM generate_series(1, 1598) i \gexec
ALTER TABLE wide_full REPLICA IDENTITY FULL;
INSERT INTO wide_full (a, b, x5) SELECT i, i, true FROM generate_series(1, 5) i;
