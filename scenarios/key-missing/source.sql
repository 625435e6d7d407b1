CREATE TABLE "No Key" (a int, b text);
CREATE TABLE fine (id int PRIMARY KEY);
CREATE TABLE says_nothing (id int PRIMARY KEY);
ALTER TABLE says_nothing REPLICA IDENTITY NOTHING;
INSERT INTO "No Key" VALUES (1, 'x');
