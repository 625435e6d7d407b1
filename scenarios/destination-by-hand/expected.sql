-- both
SELECT id::text, a, b, c, d, e FROM t ORDER BY id::int
-- both
SELECT id, v FROM plain ORDER BY id
-- source
SELECT 'by default', count(*) FROM t
-- destination
SELECT added, count(*) FROM t GROUP BY added
