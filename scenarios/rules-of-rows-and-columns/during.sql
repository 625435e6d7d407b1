-- Rows slip in, out and stay; keys move with them.
UPDATE orders SET region = 'eu' WHERE id IN (1, 3, 5);
UPDATE orders SET region = 'us' WHERE id IN (2, 4, 6);
UPDATE orders SET note = 'changed' WHERE id BETWEEN 10 AND 20;
UPDATE orders SET id = id + 1000 WHERE id BETWEEN 30 AND 40;
UPDATE orders SET id = id + 2000, region = 'eu' WHERE id BETWEEN 51 AND 55;
DELETE FROM orders WHERE id BETWEEN 60 AND 70;
INSERT INTO orders VALUES (5000, 'eu', 's', 'new', 1), (5001, 'us', 's', 'new', 1), (5002, NULL, 's', 'new', 1);
UPDATE orders SET region = NULL WHERE id = 80;
UPDATE lines SET line = 2 WHERE order_id < 10;
DELETE FROM untouched WHERE id = 3;
