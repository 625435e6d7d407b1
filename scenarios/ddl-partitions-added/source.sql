-- Partitions that are made, and one that is attached with its rows.
CREATE TABLE sale (id int, sold date, what text, PRIMARY KEY (id, sold)) PARTITION BY RANGE (sold);
CREATE TABLE sale_2024 PARTITION OF sale FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO sale SELECT i, date '2024-01-01' + i, 'sale ' || i FROM generate_series(1, 300) i;
