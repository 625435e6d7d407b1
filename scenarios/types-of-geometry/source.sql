CREATE TABLE g (id int PRIMARY KEY, p point, l line, s lseg, b box, pa path, po polygon, c circle);
INSERT INTO g VALUES
 (1, '(0.1,-0)', '{1,-1,0}', '[(0,0),(1,1)]', '(2,2),(0,0)', '((0,0),(1,1),(2,0))', '((0,0),(1,1),(2,0))', '<(0,0),1.5>'),
 (2, '(NaN,Infinity)', '{0,1,-0.3}', '[(1e300,1e-300),(0,0)]', '(0,0),(0,0)', '[(0,0),(1,1)]', '((0,0))', '<(1,2),0>'),
 (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO g SELECT i, point(i / 3.0, i / 7.0), line(point(0, 0), point(1, i)), lseg(point(i, i), point(0, 1)), box(point(i, i), point(0, 0)), path(polygon(box(point(i, i), point(0, 0)))), polygon(box(point(i, i), point(0, 0))), circle(point(i, 0), i / 3.0) FROM generate_series(10, 300) i;
CREATE TABLE without_key (p point, b box, c circle, l line, n int);
ALTER TABLE without_key REPLICA IDENTITY FULL;
INSERT INTO without_key SELECT '(1,1)', '(1,1),(0,0)', '<(0,0),1>', '{1,1,0}', i / 2 FROM generate_series(1, 10) i;
INSERT INTO without_key VALUES ('(1,1)', '(2,0.5),(0,0)', '<(5,5),1>', NULL, NULL);
CREATE INDEX ON g USING gist (c);
CREATE INDEX ON g USING spgist (b);
