CREATE TABLE n (id int PRIMARY KEY, s smallint, i int, b bigint, d numeric, p numeric(20, 5), f real, g double precision, m money, bo boolean);
INSERT INTO n VALUES
 (1, -32768, -2147483648, -9223372036854775808, 'NaN', 99999, 'NaN', 'NaN', '-92233720368547758.08', true),
 (2, 32767, 2147483647, 9223372036854775807, 0, -0.00001, 'Infinity', '-Infinity', '92233720368547758.07', false),
 (3, 0, 0, 0, 1e-1000, 0.1, '-0', '-0', 0, NULL),
 (4, 1, 1, 1, 1e4000, 1.50000, 1.17549435e-38, 2.2250738585072014e-308, 1, true),
 (5, NULL, NULL, NULL, 1.10, NULL, 0.1, 0.1, NULL, NULL),
 (6, 2, 2, 2, 12345678901234567890.123456789012345678901234567890, 2, 3.4028235e38, 1.7976931348623157e308, 2, false),
 (7, 3, 3, 3, 3, 3, 1e-45, 4.9406564584124654e-324, 3, true);
INSERT INTO n SELECT i, i % 100, i, i * 1000000007::bigint, i / 7.0, i / 3.0, i / 3.0, sqrt(i), i, i % 2 = 0 FROM generate_series(100, 1100) i;
CREATE TABLE by_numeric (d numeric PRIMARY KEY, v int);
INSERT INTO by_numeric VALUES (1.10, 1), ('NaN', 2), (0, 3), (1e-20, 4), (1e100, 5);
CREATE TABLE by_float (f double precision PRIMARY KEY, v int);
INSERT INTO by_float VALUES (0.1, 1), ('NaN', 2), ('-0', 3), ('Infinity', 4), (1e-300, 5), (2.0 / 3, 6);
CREATE TABLE by_bool (b boolean PRIMARY KEY, v int);
INSERT INTO by_bool VALUES (true, 1), (false, 2);
CREATE TABLE no_scale (id int PRIMARY KEY, a numeric(3), b numeric(1000, 500));
INSERT INTO no_scale VALUES (1, 999, 1e-500);
SELECT current_setting('server_version_num')::int >= 140000 AS v14, current_setting('server_version_num')::int >= 150000 AS v15 \gset
\if :v14
INSERT INTO n (id, d) VALUES (8, 'Infinity'), (9, '-Infinity');
\endif
\if :v15
CREATE TABLE odd_scale (id int PRIMARY KEY, a numeric(3, -2), b numeric(2, 5));
INSERT INTO odd_scale VALUES (1, 12345, 0.00012);
\endif
