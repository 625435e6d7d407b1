INSERT INTO always (v) VALUES ('next');
INSERT INTO always (id, v) OVERRIDING SYSTEM VALUE VALUES (-5, 'by hand');
UPDATE always SET id = DEFAULT WHERE id = 7;
UPDATE always SET v = 'changed' WHERE id BETWEEN 10 AND 20;
UPDATE by_default SET id = id + 10000 WHERE id < 520;
UPDATE not_the_key SET n = DEFAULT WHERE n < 10;
UPDATE not_the_key SET k = k || 'x' WHERE n > 90;
UPDATE full_identity SET n = DEFAULT, v = 'moved' WHERE n % 10 = 0;
DELETE FROM full_identity WHERE n = 3;
