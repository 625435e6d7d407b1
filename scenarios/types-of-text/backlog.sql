UPDATE by_text SET v = v + 100;
DELETE FROM by_text WHERE k = '';
INSERT INTO by_text VALUES ('', 0);
