-- What Warp does not do by itself: a column renamed, another retyped. The table is held, the other one goes on.
CREATE TABLE item (id int PRIMARY KEY, name text, amount int);
CREATE TABLE beside (id int PRIMARY KEY, name text);
INSERT INTO item SELECT i, 'item ' || i, i FROM generate_series(1, 200) i;
INSERT INTO beside SELECT i, 'beside ' || i FROM generate_series(1, 200) i;
