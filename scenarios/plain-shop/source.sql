CREATE TABLE customer (id serial PRIMARY KEY, name text NOT NULL, since date DEFAULT current_date);
CREATE TABLE orders (id bigserial PRIMARY KEY, customer int NOT NULL REFERENCES customer, total numeric(10,2));
CREATE INDEX orders_customer ON orders (customer);
CREATE VIEW totals AS SELECT customer, sum(total) AS total FROM orders GROUP BY customer;
INSERT INTO customer (name) SELECT 'customer ' || i FROM generate_series(1, 200) i;
INSERT INTO orders (customer, total) SELECT 1 + i % 200, i / 7.0 FROM generate_series(1, 2000) i;
