ALTER TABLE item RENAME COLUMN name TO title;
ALTER TABLE item ALTER COLUMN amount TYPE numeric(20, 4);
