UPDATE r SET a = 'empty', g = '[01:00,02:00]' WHERE id % 10 = 0;
UPDATE keyed SET v = 0 WHERE during @> 102;
UPDATE keyed SET during = 'empty' WHERE v = 7;
DELETE FROM keyed WHERE lower(during) > 400;
