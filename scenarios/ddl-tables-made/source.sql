-- Tables made while replicating, and while Warp is stopped.
CREATE TABLE item (id int PRIMARY KEY, name text);
INSERT INTO item SELECT i, 'item ' || i FROM generate_series(1, 50) i;
