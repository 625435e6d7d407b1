-- Large values that an UPDATE does not touch are not in the log.
CREATE TABLE big (id int PRIMARY KEY, small int, a text, b bytea, c jsonb, d numeric);
ALTER TABLE big ALTER a SET STORAGE EXTERNAL;
CREATE TABLE big_full (small int, a text);
ALTER TABLE big_full ALTER a SET STORAGE EXTERNAL, REPLICA IDENTITY FULL;
CREATE TABLE big_key (k text PRIMARY KEY, v text, small int);
SELECT current_setting('server_version_num')::int >= 100000 AS v10 \gset
\if :v10
ALTER TABLE big_key ALTER k SET STORAGE EXTERNAL;
\else
-- 9.6 does not log a key that is stored outside of its row unless all is logged: a defect that 10 has had mended.
ALTER TABLE big_key ALTER k SET STORAGE EXTERNAL, REPLICA IDENTITY FULL;
\endif
INSERT INTO big SELECT i, i, repeat(md5(i::text), 300), decode(repeat(md5(i::text), 300), 'hex'), jsonb_build_object('t', (SELECT string_agg(md5((i * j)::text), ' ') FROM generate_series(1, 300) j)), NULL FROM generate_series(1, 60) i;
INSERT INTO big_full SELECT i, repeat(md5(i::text), 300) FROM generate_series(1, 20) i;
INSERT INTO big_key SELECT 'k' || i || repeat('x', 2000), repeat(md5(i::text), 300), i FROM generate_series(1, 20) i;
