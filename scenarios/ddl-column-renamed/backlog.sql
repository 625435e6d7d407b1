DELETE FROM item WHERE title = 'new';
ALTER TABLE item ALTER COLUMN amount TYPE numeric(20, 4);
UPDATE item SET amount = amount / 3 WHERE id % 3 = 0;
INSERT INTO item VALUES (1002, 'newer', 12345678901234.5);
