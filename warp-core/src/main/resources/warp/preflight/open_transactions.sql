-- Transactions that have written, the oldest first: a new slot waits for each of them. A role that
-- may not see the activity of others sees only its own. From 9.4. Argument: the least age in seconds.
SELECT a.pid,
    coalesce(a.usename, '') AS role,
    coalesce(a.application_name, '') AS application,
    pg_catalog.date_part('epoch', pg_catalog.now() - a.xact_start)::int8 AS seconds
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_xid IS NOT NULL
    AND a.pid <> pg_catalog.pg_backend_pid()
    AND a.xact_start <= pg_catalog.now() - ? * interval '1 second'
ORDER BY a.xact_start
LIMIT 20
