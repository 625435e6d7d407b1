UPDATE big SET small = small + 1;
UPDATE big SET c = '{}' WHERE id = 10;
UPDATE big SET small = small + 1 WHERE id = 10;
UPDATE big SET id = -id WHERE id = 11;
UPDATE big SET small = 77 WHERE id = -11;
UPDATE big_full SET small = 0 WHERE small = 101;
DELETE FROM big_full WHERE small = 102;
