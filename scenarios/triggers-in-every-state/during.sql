INSERT INTO watched VALUES (100, 'x', 'quiet'), (101, 'y', NULL);
INSERT INTO seen VALUES (102, 'seen');
UPDATE watched SET b = 'changed' WHERE id < 10;
DELETE FROM watched WHERE id BETWEEN 20 AND 25;
