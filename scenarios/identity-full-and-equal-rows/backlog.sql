DELETE FROM same WHERE ctid = (SELECT ctid FROM same WHERE a = 0 LIMIT 1);
UPDATE same SET a = 0 WHERE ctid = (SELECT ctid FROM same WHERE a = 1 LIMIT 1);
DELETE FROM same WHERE ctid = (SELECT ctid FROM same WHERE a = 0 LIMIT 1);
