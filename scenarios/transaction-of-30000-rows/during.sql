BEGIN;
INSERT INTO t SELECT i, repeat('w', 50), i FROM generate_series(10001, 40000) i;
UPDATE t SET n = n + 1 WHERE id % 5 = 0;
DELETE FROM t WHERE id % 17 = 0;
COMMIT;
