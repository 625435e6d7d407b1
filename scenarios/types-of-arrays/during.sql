UPDATE a SET i = i || 5, t = t || E'\\'::text WHERE id > 200;
UPDATE a SET m[1][1] = 9 WHERE id = 2;
UPDATE by_array SET v = v + 1;
UPDATE by_array SET k = '[3:4]={1,2}' WHERE v = 104;
DELETE FROM by_array WHERE v IN (102, 20);
