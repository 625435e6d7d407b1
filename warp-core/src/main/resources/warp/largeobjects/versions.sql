-- What changes with every write to a large object, for roles that may read the table: the
-- transactions that wrote its pages, not the pages. From 9.4. Argument: OIDs as texts.
SELECT l.loid::int8 AS oid,
    pg_catalog.md5(pg_catalog.string_agg(l.pageno || ':' || l.xmin, ',' ORDER BY l.pageno)) AS mark
FROM pg_catalog.pg_largeobject l
WHERE l.loid = ANY (?::text[]::oid[])
GROUP BY l.loid
