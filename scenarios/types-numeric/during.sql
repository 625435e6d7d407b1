UPDATE n SET d = d * 2, f = f / 3, g = g / 7 WHERE id > 1050;
UPDATE n SET f = 'NaN', g = '-0' WHERE id = 5;
UPDATE by_numeric SET v = v + 10;
UPDATE by_numeric SET d = 1.1 WHERE d = 1.10;
DELETE FROM by_numeric WHERE d = 1e-20;
UPDATE by_float SET v = v + 10;
UPDATE by_float SET f = f * 2 WHERE v = 16;
DELETE FROM by_float WHERE f = 'NaN';
UPDATE by_bool SET v = 5 WHERE NOT b;
