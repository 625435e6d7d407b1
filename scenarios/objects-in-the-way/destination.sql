-- Of the same names, of other kinds and shapes, tied to each other the other way round.
CREATE DOMAIN mood AS text;
CREATE TABLE m (x mood);
CREATE VIEW was_a_view AS SELECT * FROM m;
CREATE TABLE t (id text, partner int) PARTITION BY LIST (id);
CREATE TABLE t_part PARTITION OF t DEFAULT;
CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE v (id int DEFAULT f(1));
CREATE TYPE d AS (a int);
CREATE TABLE s (id int);
INSERT INTO t VALUES ('old', 1);
