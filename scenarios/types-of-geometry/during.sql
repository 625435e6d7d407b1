UPDATE g SET p = point(1, 2), c = '<(9,9),9>' WHERE id % 10 = 0;
DELETE FROM g WHERE id = 2;
UPDATE without_key SET n = 100 WHERE n = 3;
DELETE FROM without_key WHERE n = 1;
UPDATE without_key SET p = '(3,3)' WHERE n IS NULL;
