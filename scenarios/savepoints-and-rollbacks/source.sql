CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 200) i;
CREATE FUNCTION risky(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  FOR i IN 1..n LOOP
    BEGIN
      UPDATE t SET v = 'tried ' || i WHERE id = i;
      IF i % 3 = 0 THEN RAISE EXCEPTION 'no'; END IF;
    EXCEPTION WHEN raise_exception THEN UPDATE t SET v = 'caught ' || i WHERE id = i + 100;
    END;
  END LOOP; END $$;
