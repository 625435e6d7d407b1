CREATE TABLE by_index (a int NOT NULL, b text NOT NULL, v text);
CREATE UNIQUE INDEX by_index_small ON by_index (a);
CREATE TABLE in_full (j json, p point, v text);
CREATE TABLE only_new (v text);
