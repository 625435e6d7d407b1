SELECT format('UPDATE account SET balance = balance + %s WHERE id = %s', i % 3, 1 + (i * 13) % 100) FROM generate_series(1, 600) i \gexec
