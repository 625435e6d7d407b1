UPDATE t SET v = 'new' WHERE id % 7 = 0;
UPDATE t SET added_text = NULL WHERE id < 20;
DELETE FROM t WHERE id > 590;
UPDATE full_one SET c = 'd' WHERE a < 10;
DELETE FROM full_one WHERE a > 45;
UPDATE child SET y = 'changed' WHERE id % 2 = 0;
