SELECT format('UPDATE kinds.%I SET v = w, w = v WHERE id %% 2 = 0', 'of ' || type_name) FROM kinds.samples ORDER BY 1 \gexec
SELECT format('INSERT INTO kinds.%I (id) SELECT i FROM generate_series(101, 105) i', 'of ' || type_name) FROM kinds.samples ORDER BY 1 \gexec
SELECT format('UPDATE kinds.%I SET many = NULL WHERE id < 5', 'of ' || type_name) FROM kinds.samples ORDER BY 1 \gexec
