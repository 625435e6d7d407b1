-- What the triggers have written at the source arrives as rows; at the destination none of them may write it again.
CREATE TABLE watched (id int PRIMARY KEY, a text, b text);
CREATE TABLE trail (id bigserial PRIMARY KEY, trigger text, what text, id_of int);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO trail (trigger, what, id_of) VALUES (tg_name, tg_op, CASE WHEN tg_level = 'ROW' THEN coalesce(new.id, 0) END);
  RETURN new; END $$;
CREATE FUNCTION note_old() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO trail (trigger, what, id_of) VALUES (tg_name, tg_op, old.id); RETURN old; END $$;
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.b := upper(new.b) || '!'; RETURN new; END $$;
CREATE TRIGGER normal AFTER INSERT OR UPDATE ON watched FOR EACH ROW EXECUTE PROCEDURE note();
CREATE TRIGGER always AFTER INSERT ON watched FOR EACH ROW EXECUTE PROCEDURE note();
CREATE TRIGGER replica AFTER INSERT ON watched FOR EACH ROW EXECUTE PROCEDURE note();
CREATE TRIGGER off AFTER INSERT ON watched FOR EACH ROW EXECUTE PROCEDURE note();
CREATE TRIGGER shouting BEFORE INSERT OR UPDATE OF b ON watched FOR EACH ROW WHEN (new.b IS NOT NULL) EXECUTE PROCEDURE shout();
CREATE TRIGGER gone AFTER DELETE ON watched FOR EACH ROW EXECUTE PROCEDURE note_old();
CREATE TRIGGER statement AFTER INSERT OR UPDATE OR DELETE ON watched FOR EACH STATEMENT EXECUTE PROCEDURE note();
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON watched DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE PROCEDURE note();
CREATE TRIGGER "odd ""name""" BEFORE TRUNCATE ON watched FOR EACH STATEMENT EXECUTE PROCEDURE note();
ALTER TABLE watched ENABLE ALWAYS TRIGGER always, ENABLE REPLICA TRIGGER replica, DISABLE TRIGGER off, ENABLE ALWAYS TRIGGER shouting;
CREATE VIEW seen AS SELECT id, a FROM watched;
CREATE FUNCTION through() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO watched VALUES (new.id, new.a, 'through'); RETURN new; END $$;
CREATE TRIGGER instead INSTEAD OF INSERT ON seen FOR EACH ROW EXECUTE PROCEDURE through('an argument', 'it''s');
COMMENT ON TRIGGER always ON watched IS 'fires everywhere';
INSERT INTO watched SELECT i, 'a' || i, 'b' || i FROM generate_series(1, 50) i;
