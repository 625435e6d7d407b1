INSERT INTO item VALUES (100, 'new');
UPDATE item SET name = 'renamed' WHERE id < 5;
DELETE FROM kept WHERE id < 5;
DELETE FROM item WHERE id > 25;
