UPDATE t SET a = a + 1, e = NULL WHERE id % 5 = 0;
INSERT INTO plain VALUES (1000, 'new');
