-- The source's key says it holds, but somebody has switched triggers off to write past it.
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent, filler text);
INSERT INTO parent SELECT generate_series(1, 10);
INSERT INTO child SELECT i, 1 + i % 10, repeat('x', 100) FROM generate_series(1, 20000) i;
SET session_replication_role = replica;
INSERT INTO child VALUES (90001, 77, 'lost');
