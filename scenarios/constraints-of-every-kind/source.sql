CREATE EXTENSION btree_gist;
CREATE TABLE room (id int CONSTRAINT room_key PRIMARY KEY, code char(3) NOT NULL UNIQUE, seats int CONSTRAINT seated CHECK (seats > 0), CHECK (code <> 'xxx' OR seats IS NULL));
CREATE TABLE booking (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, room int REFERENCES room ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE, during tsrange,
  EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room IS NOT NULL) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE pairs (a int, b int, c text, PRIMARY KEY (a, b), UNIQUE (b, a) DEFERRABLE, CONSTRAINT "odd ""name""" UNIQUE (c));
CREATE TABLE refers (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a, b) REFERENCES pairs MATCH FULL ON DELETE RESTRICT);
CREATE TABLE parent (id int PRIMARY KEY, CONSTRAINT mine CHECK (id > 0) NO INHERIT);
CREATE TABLE child (CHECK (id < 1000)) INHERITS (parent);
ALTER TABLE child ADD PRIMARY KEY (id);
ALTER TABLE booking REPLICA IDENTITY FULL;
INSERT INTO room SELECT i, 'r' || i, i FROM generate_series(1, 50) i;
INSERT INTO booking SELECT i, 1 + i % 50, tsrange('2024-01-01'::timestamp + i * interval '1 day', '2024-01-01'::timestamp + i * interval '1 day' + interval '3 hours') FROM generate_series(1, 200) i;
INSERT INTO pairs SELECT i, i + 1, 'c' || i FROM generate_series(1, 30) i;
INSERT INTO refers SELECT i, i, i + 1 FROM generate_series(1, 30) i;
INSERT INTO refers VALUES (99, NULL, NULL);
INSERT INTO parent VALUES (5000);
INSERT INTO child VALUES (-5);
-- Rows from before the constraint: it was never validated.
INSERT INTO room VALUES (1000, 'zzz', 7);
ALTER TABLE room ADD CONSTRAINT newer CHECK (code <> 'zzz') NOT VALID;
