INSERT INTO alone (v) SELECT 'more' FROM generate_series(1, 10);
TRUNCATE base;
TRUNCATE alone;
INSERT INTO alone (v) VALUES ('last');
