INSERT INTO letter SELECT i, lo_from_bytea(0, convert_to('while copying ' || i, 'UTF8')) FROM generate_series(301, 330) i;
SELECT lo_put(scan, 0, 'LETTER') FROM letter WHERE id = 7;
