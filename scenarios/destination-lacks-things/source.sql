CREATE TABLE missing (id int PRIMARY KEY);
CREATE TABLE narrower (id int PRIMARY KEY, a int, gone text);
CREATE TABLE demanding (id int PRIMARY KEY);
