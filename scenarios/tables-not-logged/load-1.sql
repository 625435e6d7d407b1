CREATE TEMPORARY TABLE mine (id int PRIMARY KEY);
CREATE TEMPORARY SEQUENCE counted;
INSERT INTO mine SELECT generate_series(1, 100);
UPDATE mine SET id = -id;
INSERT INTO kept SELECT nextval('counted') + 100 FROM generate_series(1, 10);
