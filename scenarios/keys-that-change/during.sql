BEGIN;
SET CONSTRAINTS ALL DEFERRED;
UPDATE k SET id = id + 1;
COMMIT;
-- One by one from above, so that none meets another.
BEGIN;
SELECT 'UPDATE shifted SET id = id + 1 WHERE id = ' || i FROM generate_series(100, 1, -1) i \gexec
COMMIT;
BEGIN;
UPDATE named SET name = 'tmp' WHERE id = 1;
UPDATE named SET name = 'n1' WHERE id = 2;
UPDATE named SET name = 'n2' WHERE id = 1;
UPDATE named SET place = -1 WHERE id = 3;
UPDATE named SET place = 3 WHERE id = 4;
UPDATE named SET place = 4 WHERE id = 3;
COMMIT;
UPDATE two_parts SET b = 'c' || a WHERE a < 10;
UPDATE two_parts SET a = -a, v = 0 WHERE a > 40;
UPDATE two_parts SET b = b WHERE a = 20;
