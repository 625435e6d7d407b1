CREATE TABLE "Made, too" (k text PRIMARY KEY, v jsonb);
INSERT INTO "Made, too" VALUES ('a', '{"b": 1}'), ('c', NULL);
DELETE FROM made WHERE id = 4;
INSERT INTO made (item) VALUES (7);
