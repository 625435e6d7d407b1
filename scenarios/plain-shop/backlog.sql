UPDATE orders SET total = total * 2 WHERE id % 3 = 0;
INSERT INTO orders (customer, total) SELECT 5, i FROM generate_series(1, 50) i;
