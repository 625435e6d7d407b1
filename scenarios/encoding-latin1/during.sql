UPDATE "Größe" SET "naïve" = 'Ñ' WHERE id % 7 = 0;
UPDATE by_text SET v = v + 1, k = k || 'ô';
INSERT INTO by_text VALUES ('ú', 9);
