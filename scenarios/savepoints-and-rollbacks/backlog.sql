SELECT risky(99);
BEGIN;
UPDATE t SET v = 'prepared' WHERE id = 77;
PREPARE TRANSACTION 'savepoints_and_rollbacks_3';
UPDATE t SET v = 'other' WHERE id = 78;
COMMIT PREPARED 'savepoints_and_rollbacks_3';
