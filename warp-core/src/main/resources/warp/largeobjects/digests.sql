-- Digests of the content of large objects, computed piece by piece in the server, for roles that may
-- read the objects but not their table. From 9.4. Arguments: bytes of a piece four times, OIDs as
-- texts, their bytes as texts.
SELECT o.oid::int8 AS oid,
    (SELECT pg_catalog.md5(pg_catalog.string_agg(
            pg_catalog.md5(pg_catalog.lo_get(o.oid, n * ?::int8, ?::int4)), '' ORDER BY n))
        FROM pg_catalog.generate_series(0, (o.bytes + ?::int8 - 1) / ?::int8 - 1) n) AS mark
FROM unnest(?::text[]::oid[], ?::text[]::int8[]) o (oid, bytes)
