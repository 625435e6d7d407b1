-- How fast the source writes its log, and what limits what a slot may hold back. One row, for any
-- role, from 9.6.
SELECT
    pg_catalog.pg_size_bytes(pg_catalog.current_setting('max_slot_wal_keep_size'))::text AS keep_bytes, --13+
    NULL::text AS keep_bytes, --<13
    pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), c.redo_lsn)::int8 --10+
    pg_catalog.pg_xlog_location_diff(pg_catalog.pg_current_xlog_insert_location(), c.redo_location)::int8 --<10
        AS recent_bytes,
    pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - c.checkpoint_time)::float8
        AS recent_seconds,
    w.wal_bytes::int8 AS long_bytes, --14+
    0::int8 AS long_bytes, --<14
    coalesce(
        pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - w.stats_reset), --14+
        0)::float8 AS long_seconds,
    coalesce(
        (SELECT s.setting::int8 FROM pg_catalog.pg_settings s WHERE s.name = 'idle_replication_slot_timeout'), --18+
        0) AS idle_seconds,
    coalesce(
        pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'), --10+
        false) AS sees_all
FROM pg_catalog.pg_control_checkpoint() c
CROSS JOIN pg_catalog.pg_stat_wal w --14+
