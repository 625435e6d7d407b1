SELECT format('DELETE FROM moved WHERE id = %s', i * 3) FROM generate_series(1, 300) i \gexec
