-- Transactions prepared for two-phase commit, the oldest first. From 9.4.
SELECT p.gid, p.database,
    pg_catalog.to_char(p.prepared, 'YYYY-MM-DD HH24:MI:SS') AS prepared
FROM pg_catalog.pg_prepared_xacts p
ORDER BY p.prepared
LIMIT 20
