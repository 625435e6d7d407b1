UPDATE by_index SET v = 'late' WHERE n % 2 = 0;
UPDATE both_ways SET v = 'late';
DELETE FROM full_with_key WHERE id < 10;
