CREATE TABLE made (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'none', item int, CHECK (item > 0));
CREATE INDEX made_name ON made (lower(name)) WHERE item IS NOT NULL;
INSERT INTO made (name, item) SELECT 'made ' || i, i FROM generate_series(1, 100) i;
UPDATE made SET name = 'changed' WHERE id % 3 = 0;
UPDATE item SET name = 'goes on' WHERE id < 5;
