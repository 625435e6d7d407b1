SELECT current_setting('server_version_num')::int >= 180000 AS v18 \gset
\if :v18
INSERT INTO plain VALUES (1000, 9, 1);
\else
INSERT INTO plain VALUES (1000, 9);
\endif
DELETE FROM plain WHERE v = 1;
UPDATE grand SET v = 8 WHERE id < 5;
