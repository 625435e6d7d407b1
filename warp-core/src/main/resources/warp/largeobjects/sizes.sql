-- The bytes of large objects, without the right to read their table. Each is closed at once: a
-- session finds a free number for the next one by looking through all that are open. From 9.4.
-- Argument: OIDs as texts.
SELECT o.oid::int8 AS oid, s.bytes, pg_catalog.lo_close(f.descriptor) AS closed
FROM pg_catalog.unnest(?::text[]::oid[]) o (oid),
    LATERAL (SELECT pg_catalog.lo_open(o.oid, 262144) AS descriptor OFFSET 0) f,
    LATERAL (SELECT pg_catalog.lo_lseek64(f.descriptor, 0, 2) AS bytes OFFSET 0) s
