-- Physical replicas that follow, and how far each is; consumers of logical slots, base backups and
-- receivers that only store the log are left out. From 9.4.
SELECT coalesce(nullif(r.application_name, ''), 'without a name')
        || coalesce(' at ' || pg_catalog.host(r.client_addr), '') AS name,
    r.replay_lsn::text AS replayed, --10+
    r.replay_location::text AS replayed, --<10
    coalesce(pg_catalog.date_part('epoch', r.replay_lag) * 1000, 0)::int8 AS lag_millis --10+
    0::int8 AS lag_millis --<10
FROM pg_catalog.pg_stat_replication r
WHERE r.state IN ('streaming', 'catchup')
    AND r.replay_lsn IS NOT NULL --10+
    AND r.replay_location IS NOT NULL --<10
    AND NOT EXISTS ( --9.5+
        SELECT FROM pg_catalog.pg_replication_slots s --9.5+
        WHERE s.active_pid = r.pid AND s.slot_type = 'logical') --9.5+
