-- What a server and its database are like, one row. A role that is no superuser sees the numbers
-- too. From 9.4.
SELECT pg_catalog.current_database() AS database,
    d.oid::int8 AS database_oid,
    pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
    pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time())::numeric::text
        || ' ' || coalesce(pg_catalog.inet_server_port(), 0) AS postmaster,
    pg_catalog.current_setting('wal_level') AS wal_level,
    pg_catalog.pg_is_in_recovery() AS in_recovery,
    pg_catalog.current_setting('transaction_read_only') = 'on' AS read_only,
    pg_catalog.current_setting('max_replication_slots')::int AS slots_max,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots) AS slots_used,
    pg_catalog.current_setting('max_wal_senders')::int AS senders_max,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication) AS senders_used,
    pg_catalog.current_setting('max_connections')::int AS connections_max,
    pg_catalog.current_setting('superuser_reserved_connections')::int
        + pg_catalog.current_setting('reserved_connections')::int --16+
        AS connections_reserved,
    (
        SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity
        -- Of other roles' sessions an ordinary role does not see what they are.
        WHERE backend_type = 'client backend' OR (backend_type IS NULL AND datid IS NOT NULL) --10+
    ) AS connections_used
FROM pg_catalog.pg_database d
WHERE d.datname = pg_catalog.current_database()
