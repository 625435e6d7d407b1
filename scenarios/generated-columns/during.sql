UPDATE priced SET net = net + 1 WHERE id % 3 = 0;
UPDATE priced SET note = NULL WHERE id = 5;
INSERT INTO priced VALUES (1000, 3, DEFAULT, 'more');
UPDATE first_generated SET id = id + 1 WHERE id < 10;
DELETE FROM first_generated WHERE twice = 40;
INSERT INTO all_generated DEFAULT VALUES;
