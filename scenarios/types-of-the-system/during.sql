UPDATE s SET o = 5, n = 'changed', tv = 'x:5' WHERE id > 90;
UPDATE by_oid SET v = v + 1;
UPDATE by_oid SET o = 1 WHERE v = 10;
DELETE FROM by_oid WHERE v > 40;
