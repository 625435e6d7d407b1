-- Customers order: several statements a transaction, some of which are given up.
SELECT format($t$BEGIN;
INSERT INTO shop.orders (id, placed_on, tenant, customer, state, currency) VALUES (%1$s, %2$L, 3, %3$s, 'placed', 'USD');
INSERT INTO shop.order_line (order_id, placed_on, line, product, pieces, price) VALUES (%1$s, %2$L, 1, %4$s, 2, 7.5), (%1$s, %2$L, 2, %5$s, 1, 1);
UPDATE shop.stock SET pieces = pieces - 2 WHERE product = %4$s AND warehouse = 1;
SAVEPOINT pay;
INSERT INTO shop.payment (order_id, amount, method) VALUES (%1$s, 16, 'card');
%6$s;
UPDATE shop.orders SET state = 'paid', doc = '{"paid": true}' WHERE id = %1$s AND placed_on = %2$L;
%7$s$t$, 20000 + i, '2024-10-01'::date + i % 80, 1 + i % 4000, 1 + i % 1500, 1 + (i * 3) % 1500,
CASE WHEN i % 7 = 0 THEN 'ROLLBACK TO pay' ELSE 'RELEASE pay' END, CASE WHEN i % 11 = 0 THEN 'ROLLBACK' ELSE 'COMMIT' END)
FROM generate_series(1, 250) i \gexec
