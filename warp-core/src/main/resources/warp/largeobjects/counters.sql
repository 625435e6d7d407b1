-- Grows with every write to any large object, for anybody to see; starts again with the statistics.
-- Servers tell of a write seconds after it. From 9.4.
SELECT pg_catalog.concat_ws(' ', t.n_tup_ins, t.n_tup_upd, t.n_tup_del,
        m.n_tup_ins, m.n_tup_upd, m.n_tup_del, d.stats_reset,
        pg_catalog.pg_postmaster_start_time()) AS counters,
    EXISTS (SELECT 1 FROM pg_catalog.pg_largeobject_metadata) AS found,
    pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'SELECT') AS readable
FROM pg_catalog.pg_stat_all_tables t, pg_catalog.pg_stat_all_tables m,
    pg_catalog.pg_stat_database d
WHERE t.relid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass
    AND m.relid = 'pg_catalog.pg_largeobject_metadata'::pg_catalog.regclass
    AND d.datname = pg_catalog.current_database()
