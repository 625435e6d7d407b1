-- At the destination a table has rows, and one that refers to it has none.
CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customer);
INSERT INTO customer SELECT i, 'customer ' || i FROM generate_series(1, 50) i;
INSERT INTO orders SELECT i, i % 50 + 1 FROM generate_series(1, 100) i;
