INSERT INTO t VALUES (4, repeat(md5('x'), 300000), decode(repeat('ab', 2000000), 'hex'));
UPDATE t SET b = '\x01' WHERE id = 1;
UPDATE t SET v = repeat('y', 8000000) WHERE id = 3;
DELETE FROM t WHERE id = 2;
