UPDATE thing SET price = price + 1;
DELETE FROM thing WHERE id % 10 = 0;
UPDATE ONLY thing SET name = 'only the parent''s' WHERE id = 1;
UPDATE located SET place = '(2,2)';
INSERT INTO deep_shelf (id, depth) VALUES (1, 5);
