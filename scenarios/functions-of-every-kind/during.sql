INSERT INTO zz_later SELECT i FROM generate_series(21, 40) i;
INSERT INTO aa_uses (v) VALUES ('second');
SELECT lib.reads_later();
