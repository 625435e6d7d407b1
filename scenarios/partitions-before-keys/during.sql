UPDATE m SET v = 'changed' WHERE id % 3 = 0;
DELETE FROM m WHERE id < 20;
INSERT INTO m VALUES (9000, '2025-01-01', 'new');
