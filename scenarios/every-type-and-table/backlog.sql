SELECT format('UPDATE kinds.%I SET v = w WHERE id > 20', 'of ' || type_name) FROM kinds.samples ORDER BY 1 \gexec
SELECT format('DELETE FROM kinds.%I WHERE id %% 7 = 0', 'of ' || type_name) FROM kinds.samples ORDER BY 1 \gexec
SELECT format('DELETE FROM kinds.%I WHERE ctid = (SELECT min(ctid::text)::tid FROM kinds.%1$I)', 'keyless ' || type_name) FROM kinds.samples ORDER BY 1 \gexec
UPDATE kinds.toasted SET n = 0, b = 'short' WHERE id % 2 = 0;
