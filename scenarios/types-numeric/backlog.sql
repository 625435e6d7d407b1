UPDATE by_numeric SET v = v + 10;
UPDATE by_float SET v = v + 10;
UPDATE n SET g = g + 1e-12 WHERE id BETWEEN 500 AND 600;
