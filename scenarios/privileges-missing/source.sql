CREATE ROLE privileges_missing_mover LOGIN PASSWORD 'privileges_missing_mover';
CREATE SCHEMA closed;
CREATE TABLE closed.t (id int PRIMARY KEY);
CREATE TABLE open (id int PRIMARY KEY);
GRANT SELECT ON open TO privileges_missing_mover;
