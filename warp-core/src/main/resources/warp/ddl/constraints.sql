-- Keys and checks of a table that are its own, in the order in which they can be made. Foreign keys
-- are left out. From 9.4. Argument: its OID.
SELECT c.conname AS name,
    pg_catalog.pg_get_constraintdef(c.oid) AS definition
FROM pg_catalog.pg_constraint c
WHERE c.conrelid = ?::oid AND c.contype IN ('p', 'u', 'x', 'c')
    AND c.coninhcount = 0
ORDER BY c.contype <> 'p', c.conname
