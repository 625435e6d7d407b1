-- chkpass was part of PostgreSQL until 10.
CREATE EXTENSION chkpass;
CREATE TABLE account (id int PRIMARY KEY, password chkpass);
INSERT INTO account VALUES (1, 'secret');
