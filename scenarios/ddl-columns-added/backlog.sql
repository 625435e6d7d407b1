ALTER TABLE item ADD COLUMN dice float8 DEFAULT random();
UPDATE item SET dice = 2 WHERE id = 9;
DELETE FROM item WHERE id = 10;
UPDATE beside SET name = 'goes on' WHERE id > 190;
