DELETE FROM refers WHERE id < 10;
UPDATE t SET v = 'newer' WHERE id < 10;
