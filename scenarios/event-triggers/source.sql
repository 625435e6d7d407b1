-- They would fire for Warp's own statements: made last, they sleep until Warp is done.
CREATE TABLE seen (id serial PRIMARY KEY, tag text);
CREATE FUNCTION look() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
  IF tg_tag LIKE '%TABLE%' THEN INSERT INTO public.seen (tag) VALUES (tg_tag); END IF; END $$;
CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE PROCEDURE look();
CREATE EVENT TRIGGER off ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE PROCEDURE look();
ALTER EVENT TRIGGER off DISABLE;
CREATE TABLE t (id int PRIMARY KEY);
INSERT INTO t VALUES (1);
COMMENT ON EVENT TRIGGER watch IS 'looks';
