-- A materialized view reads another through an ordinary view; names sort against the order; one was never filled.
CREATE TABLE sale (id int PRIMARY KEY, shop int, amount int);
INSERT INTO sale SELECT i, i % 7, i FROM generate_series(1, 500) i;
CREATE MATERIALIZED VIEW z_by_shop AS SELECT shop, sum(amount) AS total FROM sale GROUP BY shop;
CREATE UNIQUE INDEX z_by_shop_key ON z_by_shop (shop);
CREATE VIEW m_large AS SELECT * FROM z_by_shop WHERE total > 1000;
CREATE MATERIALIZED VIEW a_count WITH (fillfactor = 70) AS SELECT count(*) AS n FROM m_large;
CREATE MATERIALIZED VIEW never_filled AS SELECT * FROM sale WITH NO DATA;
CREATE INDEX ON never_filled (shop);
COMMENT ON MATERIALIZED VIEW a_count IS 'how many';
CREATE FUNCTION best() RETURNS int LANGUAGE sql STABLE AS 'SELECT shop FROM public.m_large ORDER BY total DESC LIMIT 1';
CREATE MATERIALIZED VIEW of_function AS SELECT public.best() AS shop;
