UPDATE t SET l = 'new' WHERE id < 10;
UPDATE by_label SET n = n + 1 WHERE n > 50;
UPDATE by_label SET l = (l::text || 'x')::label WHERE n < 10;
DELETE FROM by_label WHERE n = 20;
