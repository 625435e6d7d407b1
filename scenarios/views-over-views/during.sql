INSERT INTO writable VALUES (1001, 'new');
INSERT INTO a_third (id, kind, amount) VALUES (1002, 'by rule', 9);
INSERT INTO with_defaults (id) VALUES (1003);
UPDATE writable SET kind = 'changed' WHERE id BETWEEN 10 AND 20;
