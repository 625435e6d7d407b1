-- Columns that are gone leave holes, columns that came later have values that no row holds.
CREATE TABLE t (gone_first int, id int PRIMARY KEY, gone_middle text, v text, gone_last bytea);
INSERT INTO t SELECT i, i, 'gone', 'v' || i, '\x00' FROM generate_series(1, 500) i;
ALTER TABLE t DROP gone_first, DROP gone_middle, DROP gone_last;
ALTER TABLE t ADD added int NOT NULL DEFAULT 42, ADD added_text text DEFAULT 'was not there';
ALTER TABLE t ADD dropped_again int DEFAULT 5;
ALTER TABLE t DROP dropped_again;
INSERT INTO t SELECT i, 'w' || i FROM generate_series(501, 600) i;
CREATE TABLE full_one (a int, b int, c text);
INSERT INTO full_one SELECT i, i, 'c' FROM generate_series(1, 50) i;
ALTER TABLE full_one DROP b, ADD d text DEFAULT 'later', REPLICA IDENTITY FULL;
CREATE TABLE parent (x int, id int PRIMARY KEY, y text);
CREATE TABLE child (z int, PRIMARY KEY (id)) INHERITS (parent);
INSERT INTO child SELECT i, i, 'y', i FROM generate_series(1, 50) i;
ALTER TABLE parent DROP x;
