UPDATE t SET b = b || '\x00', u = md5('x')::uuid WHERE id % 9 = 0;
UPDATE by_bytea SET v = v + 1;
UPDATE by_bytea SET k = k || '\xff' WHERE v > 1000;
DELETE FROM by_uuid WHERE v % 4 = 0;
UPDATE by_inet SET v = v + 1;
UPDATE by_inet SET k = '10.0.0.2/24' WHERE v = 3;
