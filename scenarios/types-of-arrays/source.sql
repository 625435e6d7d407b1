CREATE TYPE pair AS (a int, b text);
CREATE TABLE a (id int PRIMARY KEY, i int[], t text[], d date[], n numeric(5, 2)[], b bytea[], j jsonb[], p pair[], x box[], m int[][], v varchar(3)[], bo bool[]);
INSERT INTO a VALUES
 (1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
 (2, '{NULL}', ARRAY[NULL, 'NULL', 'null', '', ' ', '{', '}', ',', '"', '\', E'\n', E'\t', 'ü'], '{infinity}', '{1.1,NaN}', ARRAY['\x00'::bytea, '\x5c22'], ARRAY['{"a": "\""}'::jsonb], ARRAY[(1, 'x,"y)'), NULL]::pair[], '{(1,1),(0,0);(2,2),(1,1)}', '{{1,2},{3,4}}', '{abc}', '{t,f,NULL}'),
 (3, '[-2:0]={1,2,3}', '[5:6]={a,b}', NULL, NULL, NULL, NULL, NULL, NULL, '[0:1][2:3]={{1,2},{3,4}}', NULL, NULL),
 (4, NULL, ARRAY[ARRAY['a', 'b'], ARRAY[NULL, 'd']], NULL, NULL, NULL, NULL, NULL, NULL, '{{{1},{2}}}', NULL, NULL);
INSERT INTO a (id, i, t) SELECT i, ARRAY[i, NULL, -i], ARRAY['t' || i] FROM generate_series(10, 300) i;
CREATE TABLE by_array (k int[] PRIMARY KEY, t text[], v int);
INSERT INTO by_array SELECT ARRAY[i, i + 1], ARRAY['a'], i FROM generate_series(1, 50) i;
INSERT INTO by_array VALUES ('{}', NULL, 100), ('[0:0]={5}', NULL, 101), ('{5}', NULL, 102), ('{NULL}', NULL, 103);
