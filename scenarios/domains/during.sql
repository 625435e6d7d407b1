UPDATE t SET s = 500, cs = '{new}' WHERE id % 9 = 0;
UPDATE keyed SET v = v + 1;
UPDATE keyed SET c = 'z' WHERE v = 3;
INSERT INTO t (id, o) VALUES (5000, '2024-02-29 12:00+02');
