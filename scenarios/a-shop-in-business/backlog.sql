SELECT format('UPDATE shop.orders SET state = %L WHERE id = %s', 'returned', i) FROM generate_series(200, 500) i \gexec
SELECT format('UPDATE shop.stock SET pieces = pieces - 1 WHERE product = %s', 1 + i % 20) FROM generate_series(1, 300) i \gexec
UPDATE shop.customer SET name = upper(name) WHERE id % 5 = 0;
DELETE FROM shop.review WHERE stars = 1;
INSERT INTO shop.customer (tenant, email, name) SELECT 1, ('late' || i || '@example.org')::text::shop.email, 'late' FROM generate_series(1, 100) i;
