CREATE TABLE t (id int PRIMARY KEY, b bytea, v bit varying, w varbit(9), x bit(5), u uuid, i inet, c cidr, m macaddr);
INSERT INTO t VALUES
 (1, '\x', '', '', B'00000', '00000000-0000-0000-0000-000000000000', '0.0.0.0', '0.0.0.0/0', '00:00:00:00:00:00'),
 (2, '\x00ff5c270a0d5c4e', B'1', B'101010101', B'11111', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '::1/64', '::/0', 'ff:ff:ff:ff:ff:ff'),
 (3, decode(repeat('00', 20000), 'hex'), repeat('10', 5000)::bit varying, NULL, NULL, NULL, '192.168.1.5/24', '10.1.0.0/16', '08:00:2b:01:02:03'),
 (4, NULL, NULL, NULL, NULL, NULL, '2001:db8::ff00:42:8329', '2001:db8::/32', NULL);
INSERT INTO t SELECT i, decode(md5(i::text), 'hex'), i::bit(16), NULL, i::bit(5), md5(i::text)::uuid, ('10.0.' || i % 255 || '.1/24')::inet FROM generate_series(10, 500) i;
CREATE TABLE by_bytea (k bytea PRIMARY KEY, v int);
INSERT INTO by_bytea SELECT decode(md5(i::text), 'hex'), i FROM generate_series(1, 100) i;
INSERT INTO by_bytea VALUES ('\x', 1000), ('\x00', 1001), ('\x5c', 1002);
CREATE TABLE by_uuid (k uuid PRIMARY KEY, v int);
INSERT INTO by_uuid SELECT md5(i::text)::uuid, i FROM generate_series(1, 100) i;
CREATE TABLE by_inet (k inet, b bit(3), v int, PRIMARY KEY (k, b));
INSERT INTO by_inet VALUES ('10.0.0.1', B'001', 1), ('10.0.0.1/24', B'001', 2), ('::1', B'111', 3);
SELECT current_setting('server_version_num')::int >= 100000 AS v10 \gset
\if :v10
CREATE TABLE m8 (m macaddr8 PRIMARY KEY, v int);
INSERT INTO m8 VALUES ('08:00:2b:01:02:03:04:05', 1);
\endif
