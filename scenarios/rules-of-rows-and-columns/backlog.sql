UPDATE orders SET region = CASE region WHEN 'eu' THEN 'us' ELSE 'eu' END WHERE id % 7 = 0;
UPDATE orders SET n = n + 1;
