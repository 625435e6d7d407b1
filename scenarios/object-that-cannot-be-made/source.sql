-- A view and a key need what stays behind: they are reported, the rest goes on, and the exit code says so.
CREATE SCHEMA kept;
CREATE SCHEMA secret;
CREATE TABLE secret.base (id int PRIMARY KEY);
CREATE TABLE kept.t (id int PRIMARY KEY, base int REFERENCES secret.base);
CREATE VIEW kept.v AS SELECT id FROM secret.base;
CREATE VIEW kept.fine AS SELECT id FROM kept.t;
INSERT INTO secret.base VALUES (1);
INSERT INTO kept.t SELECT i, 1 FROM generate_series(1, 20) i;
