UPDATE by_text SET v = v + 1;
UPDATE "Größe" SET c = 'ü';
