SELECT format('UPDATE trees.person SET age = age + 1 WHERE age %% 20 = %s', i % 20) FROM generate_series(1, 60) i \gexec
SELECT format('UPDATE trees.parted SET a = a + 1000, b = %L WHERE a = %s', CASE WHEN i % 2 = 0 THEN 'y' END, i) FROM generate_series(1, 60) i \gexec
SELECT format('UPDATE trees.parted SET b = %L WHERE a = %s', 'x', i) FROM generate_series(300, 360) i \gexec
SELECT format('UPDATE kinds.toasted SET n = n + 1 WHERE id = %s', i) FROM generate_series(1, 40) i \gexec
