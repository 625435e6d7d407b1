UPDATE measured SET at = at + 400 WHERE id % 10 = 0 AND at < '2025-06-01';
UPDATE measured SET kind = 'a' WHERE id % 7 = 0 AND kind = 'b';
INSERT INTO measured VALUES (9001, '2023-05-05', 'x', 1), (9002, '2030-01-01', 'a', 2), (9003, '1999-01-01', NULL, 3);
DELETE FROM measured WHERE id BETWEEN 100 AND 130;
UPDATE hashed SET id = id + 1000 WHERE id > 285;
DELETE FROM hashed WHERE id % 11 = 0 AND id < 1000;
UPDATE by_expression SET v = 'a' WHERE id < 5;
