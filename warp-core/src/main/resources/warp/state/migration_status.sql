-- Everything about one migration that is a number or a text, who works on it, and which others the
-- destination knows. One row, also where the migration is unknown; from 9.5. Needs the schema warp.
-- Arguments: the slot; class and object of the migration's advisory lock.
SELECT
    m.slot IS NOT NULL AS known,
    (SELECT coalesce(pg_catalog.array_agg(o.slot ORDER BY o.slot), '{}')
        FROM warp.migration o WHERE o.slot <> w.slot) AS others,
    m.source_address, m.source_database, m.plugin, m.phase, m.warp_version,
    pg_catalog.to_char(m.started_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started_at,
    coalesce(pg_catalog.date_part('epoch', pg_catalog.now() - m.started_at), 0)::int8 AS started_ago,
    pg_catalog.to_char(m.phase_since, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS phase_since,
    coalesce(pg_catalog.date_part('epoch', pg_catalog.now() - m.phase_since), 0)::int8 AS phase_ago,
    holder.pid::text AS worker,
    coalesce(pg_catalog.host(holder.client_addr), 'a local socket') AS worker_address,
    pg_catalog.to_char(holder.backend_start, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS worker_since,
    coalesce(pg_catalog.date_part('epoch', pg_catalog.now() - holder.backend_start), 0)::int8 AS worker_ago,
    r.tables, r.copied, r.suspect, r.chunks,
    c.chunks AS chunks_copied, c.rows, c.bytes,
    (SELECT coalesce(pg_catalog.sum(g.bytes), 0)::int8 FROM warp.chunk_range g
        WHERE g.slot = w.slot AND NOT EXISTS (
            SELECT 1 FROM warp.chunk d WHERE d.slot = g.slot AND d.schema_name = g.schema_name
                AND d.table_name = g.table_name AND d.number = g.number)) AS bytes_left,
    p.lsn::text AS lsn, coalesce(p.transactions, 0) AS transactions,
    pg_catalog.to_char(p.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS moved_at,
    coalesce(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - p.updated_at), 0)::int8 AS moved_ago,
    (SELECT pg_catalog.count(*) FROM warp.hold h WHERE h.slot = w.slot) AS held,
    (SELECT pg_catalog.count(*) FROM warp.removed d WHERE d.slot = w.slot) AS owed,
    (SELECT pg_catalog.count(*) FROM warp.failure f WHERE f.slot = w.slot) AS refused,
    (SELECT pg_catalog.count(*) FROM warp.identity i WHERE i.slot = w.slot) AS identities,
    s.host AS spool_host, s.folder AS spool_folder
FROM (SELECT ?::text AS slot) w
LEFT JOIN warp.migration m ON m.slot = w.slot
LEFT JOIN warp.progress p ON p.slot = w.slot AND p.lane = 0
LEFT JOIN warp.spool s ON s.slot = w.slot
CROSS JOIN LATERAL (
    SELECT pg_catalog.count(*) AS tables,
        pg_catalog.count(*) FILTER (WHERE t.state IN ('COPIED', 'READY')) AS copied,
        pg_catalog.count(*) FILTER (WHERE t.state = 'SUSPECT') AS suspect,
        coalesce(pg_catalog.sum(t.chunks), 0)::int8 AS chunks
    FROM warp.relation t WHERE t.slot = w.slot) r
CROSS JOIN LATERAL (
    SELECT pg_catalog.count(*) AS chunks,
        coalesce(pg_catalog.sum(d.rows), 0)::int8 AS rows,
        coalesce(pg_catalog.sum(d.bytes), 0)::int8 AS bytes
    FROM warp.chunk d WHERE d.slot = w.slot) c
LEFT JOIN LATERAL (
    SELECT a.pid, a.client_addr, a.backend_start
    FROM pg_catalog.pg_locks l
    JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid::int8 = ? AND l.objid::int8 = ?
        AND l.database = (SELECT b.oid FROM pg_catalog.pg_database b
            WHERE b.datname = pg_catalog.current_database())
    LIMIT 1) holder ON true
