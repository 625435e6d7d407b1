-- NOT VALID: what is written from now on must hold, what was there before need not.
CREATE TABLE plain (id int PRIMARY KEY, v int);
INSERT INTO plain SELECT i, i % 10 FROM generate_series(1, 100) i;
ALTER TABLE plain ADD CONSTRAINT large CHECK (v > 5) NOT VALID, ADD CONSTRAINT own CHECK (v > 4) NO INHERIT NOT VALID;
COMMENT ON CONSTRAINT large ON plain IS 'from now on';
CREATE TABLE grand (id int PRIMARY KEY, v int);
CREATE TABLE parent (PRIMARY KEY (id)) INHERITS (grand);
CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent);
INSERT INTO child SELECT i, i % 10 FROM generate_series(1, 100) i;
ALTER TABLE grand ADD CONSTRAINT "odd ""one""" CHECK (v > 5) NOT VALID;
ALTER TABLE child ADD CONSTRAINT child_only CHECK (v <> 2) NOT VALID;
SELECT current_setting('server_version_num')::int >= 120000 AS v12 \gset
\if :v12
CREATE TABLE part (id int PRIMARY KEY, v int) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (50) PARTITION BY RANGE (id);
CREATE TABLE part_1a PARTITION OF part_1 FOR VALUES FROM (0) TO (50);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (50) TO (1000);
INSERT INTO part SELECT i, i % 10 FROM generate_series(1, 100) i;
ALTER TABLE part ADD CONSTRAINT large CHECK (v > 5) NOT VALID;
\endif
