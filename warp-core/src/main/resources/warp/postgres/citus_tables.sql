-- The tables that Citus looks after. Methods: h = hash, r = range, a = append, each by a column that
-- partkey holds as a node of the planner; n = none: then replication model t says a reference table,
-- everything else one in one shard (local, or of a distributed schema). For Citus 7 to 13.
SELECT p.logicalrelid::pg_catalog.oid::int8 AS oid,
    CASE WHEN p.partmethod <> 'n' THEN (
        SELECT a.attname
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = p.logicalrelid
            AND a.attnum = pg_catalog.substring(p.partkey, ':varattno (\d+)')::int2
    ) END AS column_name,
    p.partmethod = 'n' AND p.repmodel = 't' AS everywhere
FROM pg_catalog.pg_dist_partition p
