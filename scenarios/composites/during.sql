UPDATE person SET c.name = E'new\nline\\' WHERE id < 10;
UPDATE person SET list = list || c WHERE id % 7 = 0;
UPDATE by_composite SET n = n + 1;
DELETE FROM by_composite WHERE n > 15;
UPDATE typed SET "zip; code" = 'x';
INSERT INTO of_row VALUES (1000, NULL), (1001, ROW(NULL, NULL, NULL));
