SET timezone = 'America/St_Johns';
CREATE TABLE t (id int PRIMARY KEY, d date, t time, tz timetz, ts timestamp, tst timestamptz, i interval, p timestamp(0), ip interval day to second(2));
INSERT INTO t VALUES
 (1, 'infinity', '00:00', '00:00-15:59', 'infinity', '-infinity', '0', '2024-01-01 12:34:56.789', '1 day 02:03:04.567'),
 (2, '4713-01-01 BC', '24:00', '24:00+15:59', '4713-01-01 00:00 BC', '294276-12-31 23:59:59.999999Z', '-178000000 years', NULL, '-1 day'),
 (3, '5874897-12-31', '23:59:59.999999', '12:00:00.000001+01', '0001-01-01 00:00 BC', '2024-03-31 02:30 Europe/Berlin', '1 mon -1 day 00:00:00.000001', NULL, NULL),
 (4, '2000-01-01', '12:00', 'now', '2000-01-01', '2000-01-01', '-1 mon +1 day -00:00:01', NULL, NULL),
 (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO t SELECT i, '2024-01-01'::date + i, '00:00'::time + i * interval '1 min', '12:00+03', '2024-01-01'::timestamp + i * interval '1.000001 s', now() + i * interval '1 h', i * interval '1 mon 1 day 1.1 s' FROM generate_series(10, 500) i;
CREATE TABLE by_time (at timestamptz PRIMARY KEY, v int);
INSERT INTO by_time SELECT '2024-10-27 00:00Z'::timestamptz + i * interval '15 min', i FROM generate_series(1, 50) i;
CREATE TABLE by_interval (i interval PRIMARY KEY, v int);
INSERT INTO by_interval VALUES ('1 mon', 1), ('1 day', 2), ('1 year -3 days', 3), ('-00:00:01', 4);
CREATE TABLE by_timetz (t timetz PRIMARY KEY, v int);
INSERT INTO by_timetz VALUES ('12:00+00', 1), ('12:00+05', 2), ('12:00-05', 3);
