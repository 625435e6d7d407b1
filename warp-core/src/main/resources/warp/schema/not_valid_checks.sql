-- Constraints that were added without a look at the rows there were, CHECK and (from 18) NOT NULL, of tables or of those
-- that they inherit them from: dropped and added there, they go and come for all of them. From 9.4.
-- Argument: OIDs of the tables, as texts.
WITH RECURSIVE holders AS (
    SELECT con.conrelid AS relation, con.conname AS name, con.coninhcount AS parents
    FROM pg_catalog.pg_constraint con
    WHERE con.conrelid = ANY (?::text[]::oid[]) AND con.contype IN ('c', 'n') AND NOT con.convalidated
        AND con.conenforced --18+
    UNION
    SELECT con.conrelid, con.conname, con.coninhcount
    FROM holders
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = holders.relation
    JOIN pg_catalog.pg_constraint con ON con.conrelid = i.inhparent AND con.conname = holders.name
    WHERE holders.parents > 0
)
SELECT n.nspname AS schema_name,
    c.relname AS table_name,
    con.conname AS constraint_name,
    pg_catalog.pg_get_constraintdef(con.oid) AS definition,
    pg_catalog.obj_description(con.oid, 'pg_constraint') AS constraint_comment
FROM holders
JOIN pg_catalog.pg_class c ON c.oid = holders.relation
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_constraint con ON con.conrelid = holders.relation AND con.conname = holders.name
WHERE holders.parents = 0 AND NOT con.convalidated
ORDER BY n.nspname, c.relname, con.conname
