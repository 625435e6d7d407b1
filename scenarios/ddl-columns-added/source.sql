-- Columns that come while replicating and while Warp is stopped; the last one has values that no log holds.
CREATE TABLE item (id int PRIMARY KEY, name text);
CREATE TABLE beside (id int PRIMARY KEY, name text);
INSERT INTO item SELECT i, 'item ' || i FROM generate_series(1, 200) i;
INSERT INTO beside SELECT i, 'beside ' || i FROM generate_series(1, 200) i;
