-- The shape of a database that was made to try out a database: every type in tables of its own, trees of inheritance and
-- of partitions, constraints and rules of all kinds, and names that nobody would choose.
SELECT current_setting('server_version_num')::int >= 120000 AS v12, current_setting('server_version_num')::int >= 130000 AS v13,
  current_setting('server_version_num')::int >= 140000 AS v14, current_setting('server_version_num')::int >= 150000 AS v15 \gset
CREATE SCHEMA kinds;
CREATE SCHEMA trees;
CREATE SCHEMA "odd ""names"", all";
CREATE TYPE kinds.shade AS ENUM ('dark', 'light');
CREATE TYPE kinds.complex AS (re float8, im float8);
CREATE DOMAIN kinds.even AS int CHECK (value % 2 = 0);
CREATE TYPE kinds.floats AS RANGE (subtype = float8, subtype_diff = float8mi);

-- One table for each built-in type, as a value and in arrays; the key is a number.
CREATE TABLE kinds.samples (type_name text PRIMARY KEY, literal_one text, literal_two text);
INSERT INTO kinds.samples VALUES
 ('boolean', 't', 'f'), ('smallint', '-32768', '32767'), ('integer', '-2147483648', '7'), ('bigint', '9223372036854775807', '-1'),
 ('numeric', 'NaN', '-12345678901234567890.000000000100'), ('numeric(10,3)', '1.5', '-0.001'), ('real', '-0', 'Infinity'), ('double precision', '1e-323', 'NaN'),
 ('money', '-12.34', '99999999.99'), ('text', '', E'a\\b\n\t"''🐘'), ('varchar(12)', 'x ', 'twelve chars'), ('char(4)', 'ab', ''), ('"char"', 'q', E'\x01'),
 ('name', 'a name', ''), ('bytea', '\x', '\x00ff5c27'), ('date', 'infinity', '0044-03-15 BC'), ('time', '24:00', '00:00:00.000001'),
 ('timetz', '12:00-08', '23:59:59.999999+15:59'), ('timestamp', '-infinity', '1582-10-15 00:00'), ('timestamptz', '2024-03-31 01:00Z', '4714-11-24 00:00 BC'),
 ('timestamp(0)', '2000-01-01 12:34:56', 'epoch'), ('interval', '1 year 2 mons -3 days 04:05:06.789', '-00:00:00.000001'), ('interval day to minute', '5 days 03:04', '0'),
 ('bit(5)', '10101', '00000'), ('varbit', '', '110'), ('uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '00000000-0000-0000-0000-000000000000'),
 ('inet', '10.1.2.3/8', '::ffff:1.2.3.4'), ('cidr', '10.0.0.0/8', '2001:db8::/32'), ('macaddr', '08:00:2b:01:02:03', 'ff:ff:ff:ff:ff:ff'), ('macaddr8', '08:00:2b:01:02:03:04:05', '00:00:00:00:00:00:00:00'),
 ('point', '(1.5,-2)', '(NaN,0)'), ('line', '{1,2,3}', '{0,1,-1}'), ('lseg', '[(0,0),(1,1)]', '[(1,1),(1,1)]'), ('box', '(1,1),(0,0)', '(5,6),(-1,-2)'),
 ('path', '[(0,0),(1,1)]', '((0,0),(1,1),(2,0))'), ('polygon', '((0,0),(1,1),(2,0))', '((5,5))'), ('circle', '<(0,0),1>', '<(1e10,-1e-10),0>'),
 ('json', '{"a" : [1,2 ,{"b":null}] }', '"\u00fc"'), ('jsonb', '{"a": [1, 2.50, {"b": null}]}', '[]'), ('xml', '<a b="1">x</a>', 'text &lt; more'),
 ('tsvector', '''a b'':1A ''c'':2,3B', ''), ('tsquery', '''a'' & !''b''', ''), ('oid', '4294967295', '0'), ('regclass', 'pg_class', 'pg_type'), ('regtype', 'integer', 'text[]'),
 ('regproc', 'now', 'pg_backend_pid'), ('regprocedure', 'abs(bigint)', 'lower(text)'), ('regoperator', '+(integer,integer)', '||(text,text)'), ('regconfig', 'english', 'simple'),
 ('regdictionary', 'simple', 'english_stem'), ('xid', '1', '4294967295'), ('cid', '0', '7'), ('tid', '(0,1)', '(4294967295,65535)'), ('pg_lsn', '0/0', 'FFFFFFFF/FFFFFFFF'),
 ('txid_snapshot', '1:1:', '10:20:11,15'), ('int4range', 'empty', '[1,10)'), ('int8range', '(,)', '[5,6)'), ('numrange', '[1.10,2.2]', '(,5)'), ('daterange', '[2024-01-01,2024-02-01)', '(,)'),
 ('tsrange', '["2024-01-01 00:00","2024-01-02 00:00")', 'empty'), ('tstzrange', '["2024-01-01 00:00+00",)', 'empty'), ('oidvector', '1 2 3', ''), ('int2vector', '1 -2', ''),
 ('kinds.shade', 'dark', 'light'), ('kinds.complex', '(1.5,-0)', '(,)'), ('kinds.even', '2', '-4'), ('kinds.floats', '[0.1,0.3)', 'empty');
\if :v13
INSERT INTO kinds.samples VALUES ('xid8', '18446744073709551615', '0'), ('pg_snapshot', '10:20:11,15', '1:1:'), ('jsonpath', '$."a"[*]?(@ > 1)', 'strict $');
\endif
\if :v14
INSERT INTO kinds.samples VALUES ('int4multirange', '{[1,3),[5,9)}', '{}'), ('datemultirange', '{[2024-01-01,2024-02-01)}', '{(,)}');
\endif
SELECT format('CREATE TABLE kinds.%I (id int PRIMARY KEY, v %s, w %2$s DEFAULT %3$L::%2$s, many %2$s[])', 'of ' || type_name, type_name, literal_one) FROM kinds.samples ORDER BY 1 \gexec
SELECT format('INSERT INTO kinds.%I SELECT i, CASE i %% 3 WHEN 0 THEN %L::%s WHEN 1 THEN %L::%3$s END, %2$L::%3$s, ARRAY[%2$L, NULL, %4$L]::%3$s[] FROM generate_series(1, 40) i', 'of ' || type_name, literal_one, type_name, literal_two) FROM kinds.samples ORDER BY 1 \gexec
-- And one without a key for each, where rows are equal.
SELECT format('CREATE TABLE kinds.%I (v %s, n int); ALTER TABLE kinds.%1$I REPLICA IDENTITY FULL; INSERT INTO kinds.%1$I SELECT %3$L::%2$s, i / 2 FROM generate_series(1, 6) i; INSERT INTO kinds.%1$I VALUES (NULL, NULL), (%4$L, NULL)', 'keyless ' || type_name, type_name, literal_one, literal_two) FROM kinds.samples ORDER BY 1 \gexec
-- Types by which rows can be told apart, as keys.
SELECT format('CREATE TABLE kinds.%I (k %s PRIMARY KEY, v int); INSERT INTO kinds.%1$I VALUES (%3$L, 1), (%4$L, 2)', 'key ' || s.type_name, s.type_name, literal_one, literal_two)
FROM kinds.samples s JOIN pg_type t ON t.oid = s.type_name::regtype WHERE EXISTS (SELECT FROM pg_opclass WHERE opcintype = t.oid AND opcdefault AND opcmethod = 403) ORDER BY 1 \gexec

-- People, as in every book about inheritance.
CREATE TABLE trees.person (name text PRIMARY KEY, age int, place point);
CREATE TABLE trees.student (gpa float8, PRIMARY KEY (name)) INHERITS (trees.person);
CREATE TABLE trees.employee (salary int, manager name, PRIMARY KEY (name)) INHERITS (trees.person);
CREATE TABLE trees.working_student (percent int, PRIMARY KEY (name)) INHERITS (trees.employee, trees.student);
ALTER TABLE trees.person ADD nickname text DEFAULT 'none';
ALTER TABLE trees.student ADD nickname_of_own text;
ALTER TABLE trees.person ADD CONSTRAINT grown CHECK (age > 0);
ALTER TABLE ONLY trees.person ADD CONSTRAINT no_child CHECK (name <> 'child') NO INHERIT;
INSERT INTO trees.person SELECT 'person ' || i, i, point(i, i) FROM generate_series(1, 100) i;
INSERT INTO trees.student (name, age, gpa) SELECT 'student ' || i, i, i / 3.0 FROM generate_series(1, 100) i;
INSERT INTO trees.employee (name, age, salary, manager) SELECT 'employee ' || i, i, i * 1000, 'boss' FROM generate_series(1, 100) i;
INSERT INTO trees.working_student (name, age, salary, percent) SELECT 'both ' || i, i, i, i FROM generate_series(1, 100) i;
CREATE TABLE trees.a (x text); CREATE TABLE trees.b () INHERITS (trees.a); CREATE TABLE trees.c (y int) INHERITS (trees.a); CREATE TABLE trees.d (z text) INHERITS (trees.b, trees.c);
ALTER TABLE trees.a REPLICA IDENTITY FULL; ALTER TABLE trees.b REPLICA IDENTITY FULL; ALTER TABLE trees.c REPLICA IDENTITY FULL; ALTER TABLE trees.d REPLICA IDENTITY FULL;
INSERT INTO trees.a VALUES ('a'), ('a'); INSERT INTO trees.b VALUES ('b'); INSERT INTO trees.c VALUES ('c', 1); INSERT INTO trees.d VALUES ('d', 2, 'z');
ALTER TABLE trees.a ADD later int DEFAULT 5;
ALTER TABLE trees.c DROP y;

-- Partitions of lists of ranges of hashes, with columns in other orders and holes where columns were.
CREATE TABLE trees.parted (a int, b text, c numeric, d date DEFAULT '2024-01-01') PARTITION BY LIST (b);
CREATE TABLE trees.parted_x (gone int, d date DEFAULT '2020-02-02', c numeric, b text, a int) PARTITION BY RANGE (a);
ALTER TABLE trees.parted_x DROP gone;
ALTER TABLE trees.parted ATTACH PARTITION trees.parted_x FOR VALUES IN ('x', 'X');
CREATE TABLE trees.parted_x_1 (c numeric, gone_too text, a int PRIMARY KEY, b text, d date);
ALTER TABLE trees.parted_x_1 DROP gone_too;
ALTER TABLE trees.parted_x ATTACH PARTITION trees.parted_x_1 FOR VALUES FROM (MINVALUE) TO (100);
CREATE TABLE trees.parted_x_2 PARTITION OF trees.parted_x FOR VALUES FROM (100) TO (MAXVALUE) PARTITION BY HASH (a);
SELECT format('CREATE TABLE trees.parted_x_2_%s PARTITION OF trees.parted_x_2 (PRIMARY KEY (a)) FOR VALUES WITH (MODULUS 4, REMAINDER %1$s)', i) FROM generate_series(0, 3) i \gexec
CREATE TABLE trees.parted_null PARTITION OF trees.parted (PRIMARY KEY (a)) FOR VALUES IN (NULL);
CREATE TABLE trees.parted_rest PARTITION OF trees.parted DEFAULT;
ALTER TABLE trees.parted_rest REPLICA IDENTITY FULL;
CREATE INDEX parted_c ON trees.parted (c, d);
INSERT INTO trees.parted SELECT i, (ARRAY['x', 'X', NULL, 'y'])[1 + i % 4], i / 4.0 FROM generate_series(1, 800) i;
CREATE TABLE trees.two_columns (a int, b date, v text, PRIMARY KEY (a, b)) PARTITION BY RANGE (a, b);
CREATE TABLE trees.two_columns_1 PARTITION OF trees.two_columns FOR VALUES FROM (MINVALUE, MINVALUE) TO (10, '2024-01-01');
CREATE TABLE trees.two_columns_2 PARTITION OF trees.two_columns FOR VALUES FROM (10, '2024-01-01') TO (MAXVALUE, MAXVALUE);
INSERT INTO trees.two_columns SELECT i % 20, '2023-12-01'::date + i, 'v' FROM generate_series(1, 60) i;

-- Constraints, rules, views, functions, operators and casts.
CREATE TABLE kinds.checked (
    a int NOT NULL DEFAULT 1 CHECK (a > 0) CHECK (a < 100000), b int UNIQUE, c int, d text COLLATE "C" DEFAULT 'x' || current_user, e timestamptz DEFAULT now(),
    PRIMARY KEY (a), UNIQUE (c, d) DEFERRABLE INITIALLY DEFERRED, FOREIGN KEY (b) REFERENCES kinds.checked (a) DEFERRABLE, EXCLUDE (a WITH =), CHECK ((b IS NULL) OR (b < a)));
INSERT INTO kinds.checked (a, b, c) SELECT i, CASE WHEN i > 1 THEN i - 1 END, i FROM generate_series(1, 200) i;
CREATE TABLE kinds.rule_log (what text, a int); ALTER TABLE kinds.rule_log REPLICA IDENTITY FULL;
CREATE RULE changed AS ON UPDATE TO kinds.checked WHERE old.c <> new.c DO ALSO INSERT INTO kinds.rule_log VALUES ('changed', old.a);
CREATE VIEW kinds.joined AS SELECT p.name, s.gpa FROM trees.person p LEFT JOIN trees.student s USING (name) WHERE p.age = ANY (ARRAY[1, 2, 3]) AND p.name LIKE 'p%' ORDER BY 1;
CREATE VIEW kinds.windows AS SELECT name, row_number() OVER w, lag(age, 1, 0) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), count(*) FILTER (WHERE age > 5) OVER () FROM trees.person WINDOW w AS (PARTITION BY age % 3 ORDER BY name DESC NULLS LAST);
CREATE VIEW kinds.grouped AS SELECT grouping(age), age % 2 AS odd, sum(age), percentile_disc(0.5) WITHIN GROUP (ORDER BY age), string_agg(DISTINCT name, '; ') FROM trees.person GROUP BY ROLLUP (age), age % 2 HAVING count(*) > 0;
CREATE VIEW kinds.lateral_one AS SELECT s.type_name, x.n FROM kinds.samples s CROSS JOIN LATERAL (SELECT length(s.type_name) AS n) x WHERE EXISTS (VALUES (1)) UNION ALL SELECT 'z', CASE WHEN true THEN 1 ELSE NULLIF(2, 2) END;
CREATE MATERIALIZED VIEW kinds.held AS SELECT age, count(*) FROM trees.person GROUP BY age;
CREATE FUNCTION kinds.c_add(kinds.complex, kinds.complex) RETURNS kinds.complex LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ($1.re + $2.re, $1.im + $2.im)::kinds.complex';
CREATE OPERATOR kinds.+ (LEFTARG = kinds.complex, RIGHTARG = kinds.complex, PROCEDURE = kinds.c_add, COMMUTATOR = OPERATOR(kinds.+));
CREATE AGGREGATE kinds.sum(kinds.complex) (SFUNC = kinds.c_add, STYPE = kinds.complex, INITCOND = '(0,0)', COMBINEFUNC = kinds.c_add, PARALLEL = SAFE);
CREATE AGGREGATE kinds.first_of(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE FUNCTION kinds.to_complex(int) RETURNS kinds.complex LANGUAGE sql IMMUTABLE AS 'SELECT ($1, 0)::kinds.complex';
CREATE CAST (int AS kinds.complex) WITH FUNCTION kinds.to_complex(int) AS IMPLICIT;
CREATE FUNCTION kinds.overloaded(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION kinds.overloaded(text, VARIADIC numeric[] DEFAULT '{}') RETURNS text LANGUAGE sql AS $$ SELECT 'two' $$;
CREATE FUNCTION kinds.overloaded(INOUT trees.person, OUT n int) LANGUAGE plpgsql AS 'BEGIN n := 1; END';
CREATE INDEX on_complex ON kinds."of kinds.complex" ((((v).re)));
CREATE INDEX on_many ON kinds."of integer" USING gin (many);
CREATE TABLE kinds.toasted (id int PRIMARY KEY, a text, b text, n int);
ALTER TABLE kinds.toasted ALTER a SET STORAGE EXTERNAL;
INSERT INTO kinds.toasted SELECT i, repeat(md5(i::text), 200), (SELECT string_agg(md5((i * j)::text), '') FROM generate_series(1, 200) j), i FROM generate_series(1, 40) i;

-- Names.
CREATE TABLE "odd ""names"", all".""" "" """ (" " int PRIMARY KEY, "."".""" text);
CREATE TABLE "odd ""names"", all"."SELECT * FROM x; --" ("1" int, "2" text, "A" int, "a" int, "%s {0} $1 ?" int, PRIMARY KEY ("A", "a"));
CREATE TABLE "odd ""names"", all"."ÄÖÜ äöü ß 漢字 🐘" ("漢字" int PRIMARY KEY, "🐘" text);
INSERT INTO "odd ""names"", all".""" "" """ SELECT i, 'x' FROM generate_series(1, 20) i;
INSERT INTO "odd ""names"", all"."SELECT * FROM x; --" SELECT i, 'x', i, -i FROM generate_series(1, 20) i;
INSERT INTO "odd ""names"", all"."ÄÖÜ äöü ß 漢字 🐘" SELECT i, 'x' FROM generate_series(1, 20) i;
