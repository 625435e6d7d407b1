-- How many sessions of others are at work, but for the server's own. From 9.4.
-- Arguments: the application name of Warp's sessions.
SELECT pg_catalog.count(*) AS active
FROM pg_catalog.pg_stat_activity a
WHERE a.state IN ('active', 'fastpath function call')
    AND a.pid <> pg_catalog.pg_backend_pid()
    AND a.application_name <> ?
    AND a.backend_type = 'client backend' --10+
    AND a.query NOT LIKE 'autovacuum: %' --<10
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_replication r WHERE r.pid = a.pid) --<10
