CREATE TABLE priced (id int PRIMARY KEY, net numeric, vat numeric GENERATED ALWAYS AS (net * 0.19), stored numeric GENERATED ALWAYS AS (net * 2) STORED);
INSERT INTO priced SELECT i, i * 1.1 FROM generate_series(1, 200) i;
