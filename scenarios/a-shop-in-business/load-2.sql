-- Customers change their minds and are deleted, orders move to other months.
SELECT format('UPDATE shop.customer SET email = %L, tags = tags || %L::text, home.town = %L WHERE id = %s', 'new' || i || '@example.org', 'changed', 'Elsewhere', 1 + (i * 17) % 4000) FROM generate_series(1, 150) i \gexec
SELECT format('DELETE FROM shop.customer WHERE id = %s', 100 + i) FROM generate_series(1, 40) i \gexec
SELECT format('UPDATE shop.orders SET placed_on = placed_on + 45, note = %L WHERE id = %s AND NOT EXISTS (SELECT FROM shop.order_line l WHERE l.order_id = orders.id)', 'moved', i) FROM generate_series(1, 40) i \gexec
SELECT format('DELETE FROM shop.order_line WHERE order_id = %s AND line = 2', i * 13) FROM generate_series(1, 100) i \gexec
SELECT format('WITH gone AS (DELETE FROM shop.order_line WHERE order_id = %s) SELECT', 5000 + i) FROM generate_series(1, 50) i \gexec
SELECT format('UPDATE shop.orders SET placed_on = placed_on + 45, note = %L WHERE id = %s', 'moved', 5000 + i) FROM generate_series(1, 50) i \gexec
