CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text, d text, e bytea) WITH (fillfactor = 60, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE t ALTER a SET STATISTICS 1000, ALTER b SET (n_distinct = -0.5, n_distinct_inherited = 5);
ALTER TABLE t ALTER c SET STORAGE EXTERNAL, ALTER d SET STORAGE MAIN, ALTER e SET STORAGE PLAIN;
SELECT current_setting('server_version_num')::int >= 100000 AS v10, current_setting('server_version_num')::int >= 120000 AS v12,
  current_setting('server_version_num')::int >= 140000 AS v14 \gset
\if :v10
CREATE STATISTICS dependent (dependencies, ndistinct) ON a, b FROM t;
COMMENT ON STATISTICS dependent IS 'a and b';
\endif
\if :v12
CREATE STATISTICS "odd ""stats""" (mcv) ON a, b, c FROM t;
\endif
\if :v14
CREATE STATISTICS on_expression ON (a % 3), lower(c) FROM t;
ALTER STATISTICS on_expression SET STATISTICS 50;
CREATE TABLE compressed (id int PRIMARY KEY, v text COMPRESSION pglz);
INSERT INTO compressed VALUES (1, repeat('x', 10000));
\endif
CREATE UNLOGGED TABLE forgotten (id int PRIMARY KEY);
INSERT INTO t SELECT i, i % 10, i % 5, repeat('c', i), repeat('d', i), 'x' FROM generate_series(1, 500) i;
