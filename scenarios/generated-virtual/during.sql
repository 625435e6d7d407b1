UPDATE priced SET net = net + 1 WHERE id % 3 = 0;
INSERT INTO priced VALUES (1000, 3);
DELETE FROM priced WHERE id < 10;
