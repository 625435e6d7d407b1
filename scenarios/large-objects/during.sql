SELECT lo_put(4000000000, 2999990, 'longer than before');
SELECT lo_unlink(3003);
INSERT INTO letter SELECT 400, lo_from_bytea(0, 'while replicating');
