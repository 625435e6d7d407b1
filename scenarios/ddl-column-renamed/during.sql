UPDATE item SET name = 'before' WHERE id <= 3;
ALTER TABLE item RENAME COLUMN name TO title;
UPDATE item SET title = 'renamed' WHERE id BETWEEN 3 AND 20;
INSERT INTO item VALUES (1001, 'new', 1);
UPDATE beside SET name = 'goes on' WHERE id < 5;
