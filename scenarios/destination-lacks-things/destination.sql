CREATE TABLE missin (id int PRIMARY KEY);
CREATE TABLE narrower (id int PRIMARY KEY, a date);
CREATE TABLE demanding (id int PRIMARY KEY, asked text NOT NULL);
