CREATE TABLE orders (id int PRIMARY KEY, region text, secret text, note text, n int);
CREATE TABLE lines (order_id int, line int, v text, PRIMARY KEY (order_id, line));
CREATE TABLE untouched (id int PRIMARY KEY, v text);
INSERT INTO orders SELECT i, CASE WHEN i % 2 = 0 THEN 'eu' ELSE 'us' END, 'secret', 'n' || i, i FROM generate_series(1, 200) i;
INSERT INTO lines SELECT i, 1, 'v' FROM generate_series(1, 100) i;
INSERT INTO untouched SELECT i, 'v' FROM generate_series(1, 20) i;
