CREATE TABLE sale_2025 PARTITION OF sale FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO sale SELECT i, date '2025-01-01' + i, 'later ' || i FROM generate_series(1, 300) i;
UPDATE sale SET what = 'changed' WHERE id % 7 = 0;
