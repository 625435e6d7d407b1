INSERT INTO old_child VALUES (5000, 7);
DELETE FROM old_child WHERE id = 12;
