UPDATE by_index SET v = 'x' WHERE n < 20;
UPDATE by_index SET code = 'new' || n WHERE n > 90;
DELETE FROM by_index WHERE n = 50;
UPDATE both_ways SET id = id + 1000 WHERE id < 10;
UPDATE both_ways SET other = other - 5000 WHERE id = 20;
UPDATE full_with_key SET v = 'x', id = id + 500 WHERE id > 80;
