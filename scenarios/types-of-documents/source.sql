-- A declaration that says nothing but version 1.0 is not printed by the server itself: no dump has it.
CREATE TABLE t (id int PRIMARY KEY, j json, b jsonb, x xml);
INSERT INTO t VALUES
 (1, '{"a" :  1, "a":2 , "b":[ ]}', '{"a": 1, "b": [1e2, 1.10, null, true, "\u00e9 \\ \" \n"]}', '<a b="c">t&amp;x</a>'),
 (2, ' null ', 'null', ''),
 (3, '"\u0041\ud83d\ude00"', '"\ud83d\ude00"', '<?xml version="1.0" standalone="yes"?><!-- c --><r/>'),
 (4, '[1,  2]', '[]', 'text <b>and</b> more'),
 (5, NULL, NULL, NULL),
 (6, '1e400', '123456789012345678901234567890.1234567890', '<![CDATA[x]]>');
INSERT INTO t SELECT i, json_build_object('i', i), jsonb_build_object('i', i, 'deep', jsonb_build_object('list', ARRAY[i, NULL])), ('<n>' || i || '</n>')::xml FROM generate_series(10, 300) i;
CREATE TABLE by_jsonb (k jsonb PRIMARY KEY, v int);
INSERT INTO by_jsonb VALUES ('{"b":1,"a":2}', 1), ('[1, 1.0]', 2), ('1.10', 3), ('"x"', 4), ('{}', 5);
CREATE TABLE without_key (j json, x xml, n int);
ALTER TABLE without_key REPLICA IDENTITY FULL;
INSERT INTO without_key SELECT '{"same": 1}', '<same/>', 1 FROM generate_series(1, 3);
INSERT INTO without_key VALUES (NULL, NULL, NULL), ('{"same":1}', '<same></same>', 1);
