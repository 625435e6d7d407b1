DELETE FROM same WHERE ctid = (SELECT ctid FROM same WHERE a = 1 AND b = 'b' LIMIT 1);
UPDATE same SET b = 'changed' WHERE ctid = (SELECT ctid FROM same WHERE a = 2 LIMIT 1);
DELETE FROM same WHERE ctid = (SELECT ctid FROM same WHERE a IS NULL AND b IS NULL LIMIT 1);
UPDATE same SET d = 7 WHERE d = 'NaN';
UPDATE same SET a = 100 WHERE c::text = '1.00';
UPDATE case_blind SET n = 2 WHERE t = 'A';
DELETE FROM case_blind WHERE t IS NULL;
UPDATE case_blind SET t = NULL WHERE t = '';
