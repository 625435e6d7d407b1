UPDATE wide SET c8 = id, c1599 = 'y', c2 = -1 WHERE id % 2 = 0;
DELETE FROM wide WHERE id = 5;
INSERT INTO wide (id) VALUES (100);
UPDATE wide_full SET x1598 = false WHERE a = 3;
DELETE FROM wide_full WHERE a = 4;
