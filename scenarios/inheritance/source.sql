-- Rows in parents and in children, two parents, columns merged and overridden.
CREATE TABLE thing (id int, name text NOT NULL, price numeric DEFAULT 1, CHECK (price >= 0));
ALTER TABLE thing ADD PRIMARY KEY (id);
CREATE TABLE located (place point, name text);
CREATE TABLE shelf (PRIMARY KEY (id), width int, name text DEFAULT 'shelf') INHERITS (thing, located);
CREATE TABLE deep_shelf (PRIMARY KEY (id), depth int) INHERITS (shelf);
ALTER TABLE shelf NO INHERIT located;
ALTER TABLE thing ALTER price SET DEFAULT 2;
ALTER TABLE deep_shelf ALTER price SET DEFAULT 3;
CREATE TABLE adopted (id int PRIMARY KEY, name text NOT NULL, price numeric CONSTRAINT thing_price_check CHECK (price >= 0), extra text);
ALTER TABLE adopted INHERIT thing;
ALTER TABLE located REPLICA IDENTITY FULL;
INSERT INTO thing SELECT i, 't' || i, i FROM generate_series(1, 50) i;
INSERT INTO shelf (id, width) SELECT i, i FROM generate_series(51, 100) i;
INSERT INTO deep_shelf (id, width, depth) SELECT i, i, i FROM generate_series(101, 150) i;
INSERT INTO adopted SELECT i, 'a' || i, 0, 'x' FROM generate_series(151, 200) i;
INSERT INTO located VALUES ('(1,1)', 'only here');
-- The same key in parent and child.
INSERT INTO shelf (id, name) VALUES (1, 'twin');
