CREATE TABLE s (id int PRIMARY KEY, o oid, c regclass, p regproc, pp regprocedure, op regoper, opp regoperator, t regtype, x xid, ci cid, ti tid, l pg_lsn, sn txid_snapshot, ov oidvector, iv int2vector, n name, tv tsvector, tq tsquery, ro regrole, na regnamespace, cf regconfig, di regdictionary);
INSERT INTO s VALUES (1, 4294967295, 'pg_class', 'now', 'abs(int)', 'pg_catalog.||/', '+(int,int)', 'int[]', '4294967295', '7', '(4294967295,65535)', 'FFFFFFFF/FFFFFFFF', '10:20:10,14,15', '1 2', '3 4', 'n', $$'a b':1A,2 'it''s':3 '\\\\'$$, $$'a':AB* & !('b' | 'c')$$, 'postgres', 'pg_catalog', 'english', 'simple');
INSERT INTO s (id, o, ti, l) SELECT i, i * 1000000, ('(' || i || ',1)')::tid, ('0/' || to_hex(i))::pg_lsn FROM generate_series(10, 100) i;
CREATE TABLE by_oid (o oid PRIMARY KEY, l pg_lsn UNIQUE, v int);
INSERT INTO by_oid SELECT 4294967295 - i, ('1/' || to_hex(i))::pg_lsn, i FROM generate_series(1, 50) i;
