-- Workers take jobs, prices change, sessions come and go.
SELECT 'SELECT * FROM shop.take_job(''10.0.0.1'')' FROM generate_series(1, 100) i \gexec
SELECT format('UPDATE shop.product SET price = price * 1.1, attributes = attributes || %L WHERE id %% 50 = %s', '{"sale": true}', i % 50) FROM generate_series(1, 40) i \gexec
SELECT format('UPDATE shop.product SET body = body || %L WHERE id = %s', ' longer', i * 7) FROM generate_series(1, 60) i \gexec
SELECT format('INSERT INTO shop.session VALUES (decode(md5(%L), %L), %s, now(), %L) ON CONFLICT (token) DO UPDATE SET seen = now()', i, 'hex', i, 'b') FROM generate_series(900, 1100) i \gexec
SELECT format('DELETE FROM shop.session WHERE customer = %s', i) FROM generate_series(1, 100) i \gexec
SELECT format('INSERT INTO shop.review VALUES (%s, %s, 3, %L) ON CONFLICT DO NOTHING', i, i, 'x') FROM generate_series(1, 100) i \gexec
