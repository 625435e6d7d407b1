CREATE TABLE t (precious text);
INSERT INTO t VALUES ('old');
