INSERT INTO customer (name) VALUES ('new');
UPDATE orders SET total = total + 1 WHERE id % 10 = 0;
DELETE FROM orders WHERE id % 13 = 0;
