-- No key at all: of equal rows exactly one is touched, and nothing that compares otherwise is.
CREATE TABLE same (a int, b text, c numeric, d double precision);
ALTER TABLE same REPLICA IDENTITY FULL;
INSERT INTO same SELECT i % 3, 'b', 1.0, 0.5 FROM generate_series(1, 30) i;
INSERT INTO same VALUES (NULL, NULL, NULL, NULL), (NULL, NULL, NULL, NULL), (NULL, 'x', NULL, 'NaN'), (1, 'n', 1.00, '-0'), (1, 'n', 1.0, 0);
CREATE TABLE case_blind (t text, n int);
ALTER TABLE case_blind REPLICA IDENTITY FULL;
INSERT INTO case_blind VALUES ('a', 1), ('A', 1), ('a ', 1), ('', NULL), (NULL, NULL);
