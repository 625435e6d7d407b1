-- What may do harm to the source while Warp works: how much log the slot holds back, how old the
-- snapshots of Warp's sessions are, and how much room is left. One row, for any role, from 9.4.
-- Arguments: the application name of Warp's sessions, the slot, its copy that a backlog is read by.
SELECT
    pg_catalog.pg_current_wal_insert_lsn()::text AS position, --10+
    pg_catalog.pg_current_xlog_insert_location()::text AS position, --<10
    s.slot_name IS NOT NULL AS slot_there,
    s.restart_lsn::text AS restart,
    s.confirmed_flush_lsn::text AS confirmed, --9.6+
    NULL::text AS confirmed, --<9.6
    coalesce(s.active, false) OR EXISTS (
        SELECT 1 FROM pg_catalog.pg_replication_slots b WHERE b.slot_name = w.bulk AND b.active)
        AS active,
    s.wal_status AS wal_status, --13+
    NULL::text AS wal_status, --<13
    s.safe_wal_size::text AS safe_bytes, --13+
    NULL::text AS safe_bytes, --<13
    coalesce(
        s.invalidation_reason, --17+
        CASE WHEN s.conflicting THEN 'conflict' END, --16+
        NULL::text) AS invalidation,
    coalesce(greatest(pg_catalog.age(s.catalog_xmin), pg_catalog.age(s.xmin)), 0) AS catalog_age,
    pg_catalog.pg_size_bytes(pg_catalog.current_setting('max_slot_wal_keep_size'))::text AS keep_bytes, --13+
    NULL::text AS keep_bytes, --<13
    coalesce((
        SELECT pg_catalog.max(pg_catalog.age(a.backend_xmin)) FROM pg_catalog.pg_stat_activity a
        WHERE a.application_name = w.name AND a.pid <> pg_catalog.pg_backend_pid()), 0)
        AS snapshot_age,
    pg_catalog.current_setting('autovacuum_freeze_max_age')::int8 AS freeze_max_age,
    pg_catalog.current_setting('max_connections')::int
        - pg_catalog.current_setting('reserved_connections')::int --16+
        - pg_catalog.current_setting('superuser_reserved_connections')::int AS connections_max,
    (
        SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity a
        -- Of other roles' sessions an ordinary role does not see what they are.
        WHERE a.backend_type = 'client backend' OR (a.backend_type IS NULL AND a.datid IS NOT NULL) --10+
    ) AS connections_used,
    pg_catalog.current_setting('max_wal_senders')::int AS senders_max,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication) AS senders_used
FROM (SELECT ?::text AS name, ?::text AS slot, ?::text AS bulk) w
LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_name = w.slot
