CREATE TABLE measured (id int, at date NOT NULL, kind text, v int) PARTITION BY RANGE (at);
CREATE TABLE measured_2023 PARTITION OF measured FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE measured_2024 PARTITION OF measured FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (kind);
CREATE TABLE measured_2024_a PARTITION OF measured_2024 FOR VALUES IN ('a', NULL);
CREATE TABLE measured_2024_other PARTITION OF measured_2024 DEFAULT;
-- Attached: other order of columns, dropped columns, an index and a default of its own.
CREATE TABLE late (gone text, v int DEFAULT 7, kind text, at date NOT NULL, id int NOT NULL);
ALTER TABLE late DROP gone;
CREATE INDEX late_v ON late (v);
ALTER TABLE measured ATTACH PARTITION late FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);
ALTER TABLE late ADD PRIMARY KEY (id);
CREATE TABLE measured_rest PARTITION OF measured (PRIMARY KEY (at, id)) DEFAULT;
ALTER TABLE measured_2023 ADD UNIQUE (id);
ALTER TABLE measured_2023 REPLICA IDENTITY FULL;
ALTER TABLE measured_2024_a ADD PRIMARY KEY (id);
ALTER TABLE measured_2024_other ADD PRIMARY KEY (id);
CREATE INDEX on_all ON measured (kind, v);
CREATE TABLE hashed (id int PRIMARY KEY, v text) PARTITION BY HASH (id);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1) PARTITION BY HASH (id);
CREATE TABLE hashed_1_0 PARTITION OF hashed_1 FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE hashed_1_12 PARTITION OF hashed_1 FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE hashed_1_2 PARTITION OF hashed_1 FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE TABLE by_expression (id int, v text) PARTITION BY LIST (lower(v));
CREATE TABLE by_expression_a PARTITION OF by_expression (PRIMARY KEY (id)) FOR VALUES IN ('a', 'it''s "odd"');
CREATE TABLE empty_one (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER on_each AFTER INSERT ON measured FOR EACH ROW EXECUTE PROCEDURE note();
INSERT INTO measured SELECT i, '2022-06-01'::date + i, CASE i % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' END, i FROM generate_series(1, 1500) i;
INSERT INTO hashed SELECT i, 'h' || i FROM generate_series(1, 300) i;
INSERT INTO by_expression SELECT i, 'A' FROM generate_series(1, 20) i;
SELECT current_setting('server_version_num')::int >= 120000 AS v12 \gset
\if :v12
CREATE TABLE refers (id int PRIMARY KEY, h int REFERENCES hashed ON DELETE CASCADE);
INSERT INTO refers SELECT i, i FROM generate_series(1, 100) i;
\endif
