UPDATE doc SET body = 'neue Bäume' WHERE id % 20 = 0;
INSERT INTO doc (id, body) VALUES (1000, E'it''s \\ odd');
