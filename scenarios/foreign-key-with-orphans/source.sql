-- What the source let through is refused at the destination, and keeps nothing else from being done.
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent, filler text);
INSERT INTO parent SELECT generate_series(1, 100);
INSERT INTO child SELECT i, 1 + i % 100, repeat('x', 100) FROM generate_series(1, 20000) i;
CREATE INDEX child_parent ON child (parent);
SET session_replication_role = replica;
DELETE FROM parent WHERE id = 50;
SET session_replication_role = origin;
