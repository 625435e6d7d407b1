CREATE SCHEMA "audit log";
CREATE TABLE "audit log".entry (a int);
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
INSERT INTO t SELECT generate_series(1, 20);
