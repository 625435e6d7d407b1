UPDATE by_index SET v = 'x', b = 'c' WHERE a < 10;
UPDATE by_index SET a = a + 100 WHERE a > 40;
DELETE FROM in_full WHERE ctid = (SELECT min(ctid::text)::tid FROM in_full);
UPDATE in_full SET v = 'w' WHERE ctid = (SELECT max(ctid::text)::tid FROM in_full WHERE v = 'v');
UPDATE in_full SET v = 'not null now' WHERE v IS NULL;
INSERT INTO only_new VALUES ('later');
UPDATE left_behind SET v = 'y';
