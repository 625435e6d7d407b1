-- both
SELECT * FROM z_by_shop ORDER BY shop
-- both
SELECT * FROM a_count
-- both
SELECT relname, relispopulated FROM pg_class WHERE relkind = 'm' AND relnamespace = 'public'::regnamespace ORDER BY 1
