-- PostgreSQL 10 knows partitions, but no keys, indexes or defaults over all of them.
CREATE TABLE m (id int NOT NULL, at date, v text) PARTITION BY RANGE (at);
CREATE TABLE m_1 PARTITION OF m (PRIMARY KEY (id)) FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE m_2 PARTITION OF m (PRIMARY KEY (id)) FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
INSERT INTO m SELECT i, '2023-06-01'::date + i, 'v' FROM generate_series(1, 500) i;
