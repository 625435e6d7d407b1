-- Old rows break a key that was added without looking at them: it arrives the same way.
CREATE TABLE old_parent (id int PRIMARY KEY);
CREATE TABLE old_child (id int PRIMARY KEY, parent int);
INSERT INTO old_parent SELECT generate_series(1, 10);
INSERT INTO old_child SELECT i, i % 13 FROM generate_series(1, 2000) i;
ALTER TABLE old_child ADD CONSTRAINT later FOREIGN KEY (parent) REFERENCES old_parent NOT VALID;
