SELECT lo_from_bytea(990003, 'came later');
INSERT INTO picture VALUES (3, 990003);
SELECT lo_put(990001, 3, 'er');
