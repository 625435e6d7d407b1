-- both
SELECT * FROM a_third ORDER BY id
-- both
SELECT * FROM by_key ORDER BY id
