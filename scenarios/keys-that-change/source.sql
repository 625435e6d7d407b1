-- Keys that move into each other's places.
CREATE TABLE k (id int PRIMARY KEY DEFERRABLE, v text);
ALTER TABLE k REPLICA IDENTITY FULL;
CREATE TABLE shifted (id int PRIMARY KEY, v text);
CREATE TABLE named (id int PRIMARY KEY, name text UNIQUE DEFERRABLE INITIALLY DEFERRED, place int UNIQUE);
CREATE TABLE two_parts (a int, b text, v int, PRIMARY KEY (b, a));
INSERT INTO k SELECT i, 'v' || i FROM generate_series(1, 50) i;
INSERT INTO shifted SELECT i, 'v' || i FROM generate_series(1, 100) i;
INSERT INTO named SELECT i, 'n' || i, i FROM generate_series(1, 50) i;
INSERT INTO two_parts SELECT i, 'b' || i, i FROM generate_series(1, 50) i;
