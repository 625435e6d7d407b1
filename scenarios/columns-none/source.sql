CREATE TABLE nothing ();
ALTER TABLE nothing REPLICA IDENTITY FULL;
INSERT INTO nothing SELECT FROM generate_series(1, 7);
CREATE TABLE was_something (a int, b text);
INSERT INTO was_something SELECT i, 'x' FROM generate_series(1, 5) i;
ALTER TABLE was_something DROP a, DROP b, REPLICA IDENTITY FULL;
CREATE TABLE ordinary (id int PRIMARY KEY);
INSERT INTO ordinary SELECT generate_series(1, 5);
