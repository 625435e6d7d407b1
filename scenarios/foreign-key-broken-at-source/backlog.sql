INSERT INTO child VALUES (90002, 3, 'fine');
