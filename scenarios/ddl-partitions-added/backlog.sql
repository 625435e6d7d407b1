CREATE TABLE sale_2026 (id int NOT NULL, sold date NOT NULL, what text, PRIMARY KEY (id, sold));
INSERT INTO sale_2026 SELECT i, date '2026-01-01' + i, 'attached ' || i FROM generate_series(1, 300) i;
ALTER TABLE sale ATTACH PARTITION sale_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
DELETE FROM sale WHERE id % 11 = 0;
UPDATE sale SET id = id + 5000, sold = sold + 366 WHERE id = 5 AND sold < '2025-01-01';
