-- The values that sequences gave out last; NULL for one that has given out none, whose value only
-- the sequence itself tells. Takes a lock for each, so it is asked for a part of them at a time.
-- From 10. Argument: OIDs of the sequences, as texts.
SELECT s.position - 1 AS n, pg_catalog.pg_sequence_last_value(s.oid::oid::regclass) AS last_value
FROM pg_catalog.unnest(?::text[]) WITH ORDINALITY s (oid, position)
