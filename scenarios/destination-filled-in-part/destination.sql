CREATE TABLE customer (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customer);
INSERT INTO customer VALUES (1, 'somebody else');
