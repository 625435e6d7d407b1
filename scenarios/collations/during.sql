UPDATE t SET b = upper(b), c = 'x' WHERE id > 50;
UPDATE keyed SET k = k || 'ä' WHERE v % 7 = 0;
DELETE FROM keyed WHERE k > 'ı';
