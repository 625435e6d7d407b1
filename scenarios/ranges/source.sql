CREATE FUNCTION time_diff(a time, b time) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS 'SELECT extract(epoch FROM a - b)::float8';
CREATE TYPE timerange AS RANGE (subtype = time, subtype_diff = time_diff);
CREATE TYPE textrange AS RANGE (subtype = text, collation = "C");
CREATE TABLE r (id int PRIMARY KEY, a int4range, b int8range, c numrange, d tsrange, e tstzrange, f daterange, g timerange, h textrange, l int4range[], n int);
INSERT INTO r VALUES (1, 'empty', '(,)', '[1.5,2.5)', '["2024-01-01 00:00","2024-01-02")', '(,infinity]', '[2024-01-01,2024-01-31]', '[10:00,12:00)', '["a, b","c\"d)")', ARRAY['[1,5)', 'empty', NULL]::int4range[]);
INSERT INTO r SELECT i, int4range(i, i + 5) FROM generate_series(2, 100) i;
CREATE TABLE keyed (during int4range PRIMARY KEY, v int);
INSERT INTO keyed SELECT int4range(i * 10, i * 10 + 5), i FROM generate_series(1, 50) i;
CREATE INDEX ON r USING gist (a);
SELECT current_setting('server_version_num')::int >= 140000 AS v14 \gset
\if :v14
CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = many_floats);
CREATE TABLE m (id int PRIMARY KEY, a int4multirange, b many_floats, c tstzmultirange);
INSERT INTO m VALUES (1, '{[1,3),[5,9)}', '{(1.5,2.5]}', '{}'), (2, '{}', NULL, '{(,)}');
\endif
