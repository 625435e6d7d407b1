UPDATE doc SET name = 'renamed', tags = tags || 'new'::text WHERE id % 100 = 0;
DELETE FROM doc WHERE id % 50 = 1;
INSERT INTO doc SELECT i, 'more' FROM generate_series(5001, 5020) i;
