CREATE SCHEMA kinds;
CREATE DOMAIN kinds.positive AS int CHECK (value > 0);
CREATE DOMAIN kinds.small AS kinds.positive DEFAULT 7 CONSTRAINT limited CHECK (value < 1000) NOT NULL;
CREATE DOMAIN kinds.code AS varchar(10) COLLATE "C" CHECK (value ~ '^[a-z;'']*$');
CREATE DOMAIN kinds.codes AS text[] CHECK (array_length(value, 1) < 5);
CREATE DOMAIN kinds.money AS numeric(12, 2);
CREATE DOMAIN kinds."odd ""name""" AS timestamptz;
CREATE TABLE t (id kinds.positive PRIMARY KEY, s kinds.small, c kinds.code, cs kinds.codes, m kinds.money DEFAULT 1.5, o kinds."odd ""name""");
CREATE TABLE keyed (c kinds.code PRIMARY KEY, v int);
SELECT current_setting('server_version_num')::int >= 110000 AS v11 \gset
\if :v11
CREATE TYPE kinds.pair AS (a int, b text);
CREATE DOMAIN kinds.fair AS kinds.pair CHECK ((value).a > 0);
ALTER TABLE t ADD p kinds.fair, ADD ds kinds.positive[];
INSERT INTO t (id, p, ds) VALUES (900, (3, 'x'), '{1,2,3}');
\endif
INSERT INTO t (id, c, cs) SELECT i, 'a;b', ARRAY['x' || i, 'y'] FROM generate_series(1, 100) i;
INSERT INTO keyed SELECT 'k' || repeat('x', i), i FROM generate_series(1, 9) i;
ALTER DOMAIN kinds.positive ADD CONSTRAINT later CHECK (value < 100000) NOT VALID;
