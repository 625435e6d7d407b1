BEGIN;
INSERT INTO person VALUES (1000, 1, 100, 'new lead');
INSERT INTO team VALUES (100, 1000, 5);
COMMIT;
BEGIN;
UPDATE person SET team = 100 WHERE id % 7 = 0;
UPDATE team SET lead = 20 WHERE id = 3;
DELETE FROM person WHERE id > 450 AND id < 1000 AND id NOT IN (SELECT lead FROM team);
COMMIT;
