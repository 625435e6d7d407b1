-- An unlogged table cannot be followed, a temporary one is nobody else's.
CREATE UNLOGGED TABLE cache (k text PRIMARY KEY, v text);
CREATE TABLE kept (id int PRIMARY KEY);
CREATE TABLE was_unlogged (id int PRIMARY KEY);
ALTER TABLE was_unlogged SET UNLOGGED;
ALTER TABLE was_unlogged SET LOGGED;
INSERT INTO cache VALUES ('a', 'b');
INSERT INTO kept SELECT generate_series(1, 10);
INSERT INTO was_unlogged SELECT generate_series(1, 10);
