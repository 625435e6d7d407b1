SET client_encoding = 'UTF8';
CREATE TABLE "Größe" (id int PRIMARY KEY, "naïve" text, c char(3), j jsonb);
INSERT INTO "Größe" SELECT i, 'é' || i, 'ßx', '{"k": "ÿ"}' FROM generate_series(1, 300) i;
INSERT INTO "Größe" VALUES (1000, repeat('äöü', 20000));
CREATE TABLE by_text (k text PRIMARY KEY, v int);
INSERT INTO by_text VALUES ('ä', 1), ('é', 2), ('z', 3);
COMMENT ON TABLE "Größe" IS 'Maß';
CREATE TYPE "größer" AS ENUM ('groß', 'klein');
CREATE FUNCTION umlaut() RETURNS text LANGUAGE sql AS $$ SELECT 'Ü'::text $$;
