-- The publications that publish updates or deletes of a table. From 10: there are none before.
-- Arguments: schema and name.
SELECT p.pubname AS publication
FROM pg_catalog.pg_publication_tables t
JOIN pg_catalog.pg_publication p ON p.pubname = t.pubname
WHERE (p.pubupdate OR p.pubdelete) AND t.schemaname = ? AND t.tablename = ?
ORDER BY 1
