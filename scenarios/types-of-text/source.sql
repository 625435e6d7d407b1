CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(20), c char(5), d name, e "char");
INSERT INTO t VALUES
 (1, '', '', '', '', ''),
 (2, E'\\N', '\N', '\.', '\.', '\'),
 (3, E'tab\t new\nline\r back\bspace \v \f \x01\x7f', E'\r\n', E'\n', E'a\nb', E'\x7f'),
 (4, 'ünïcödé 🐘 ﷽ ' || U&'\+01F600\0301\200D\FEFF', 'ß', '  x ', 'né', 'x'),
 (5, NULL, NULL, NULL, NULL, NULL),
 (6, 'trailing   ', 'trailing   ', 'tra  ', repeat('n', 63), 'y'),
 (7, E'"quotes" ''single'' `back` $$dollar$$ {brace} (paren) , ; -- /* */', E'\\', '''', '"', '"'),
 (8, 'NULL', 'null', 'NULL', 'NULL', 'N'),
 (9, repeat('ab', 500000), NULL, NULL, NULL, NULL),
 (10, repeat(E'\\\t\n', 3000), NULL, NULL, NULL, NULL);
CREATE TABLE by_text (k text PRIMARY KEY, v int);
INSERT INTO by_text VALUES ('', 1), (' ', 2), (E'\n', 3), (E'\\', 4), (E'\\N', 5), ('NULL', 6), ('🐘', 7), ('''', 8), ('a', 9), ('A', 10), (U&'\00E4', 11), (U&'a\0308', 12);
CREATE TABLE by_char (k char(6) PRIMARY KEY, v int);
INSERT INTO by_char VALUES ('', 1), ('a', 2), ('a b', 3), ('äöü', 4);
CREATE TABLE by_name (k name, v varchar(5), PRIMARY KEY (v, k));
INSERT INTO by_name VALUES ('n', ''), (repeat('ü', 31), 'x');
