SELECT nextval('free_one') FROM generate_series(1, 30);
SELECT nextval('backwards') FROM generate_series(1, 9);
SELECT nextval('around') FROM generate_series(1, 4);
INSERT INTO owner SELECT FROM generate_series(1, 5);
INSERT INTO uses DEFAULT VALUES;
