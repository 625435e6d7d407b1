UPDATE t SET a = a || E'\x02', b = 'new', c = 'y' WHERE id < 9;
UPDATE by_text SET v = v + 100;
UPDATE by_text SET k = k || k WHERE v > 107;
UPDATE by_char SET v = v + 1;
DELETE FROM by_char WHERE k = 'a';
UPDATE by_name SET k = 'changed' WHERE v = '';
