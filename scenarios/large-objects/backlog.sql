SELECT lo_unlink(scan) FROM letter WHERE id = 8;
DELETE FROM letter WHERE id = 8;
COMMENT ON LARGE OBJECT 3002 IS 'still empty';
GRANT SELECT ON LARGE OBJECT 3002 TO PUBLIC;
SELECT lo_put(3001, 0, 'the hole begins later');
