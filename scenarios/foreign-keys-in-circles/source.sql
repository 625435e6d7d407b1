-- Rows that can only be written with deferred checks, tables that refer to each other and to themselves.
CREATE TABLE person (id int PRIMARY KEY, boss int, team int, name text);
CREATE TABLE team (id int PRIMARY KEY, lead int NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED, parent int REFERENCES team);
ALTER TABLE person ADD FOREIGN KEY (team) REFERENCES team DEFERRABLE INITIALLY DEFERRED, ADD FOREIGN KEY (boss) REFERENCES person;
BEGIN;
INSERT INTO person SELECT i, CASE WHEN i > 1 THEN i / 2 END, 1 + i % 10, 'p' || i FROM generate_series(1, 500) i;
INSERT INTO team SELECT i, i, CASE WHEN i > 1 THEN 1 END FROM generate_series(1, 10) i;
COMMIT;
