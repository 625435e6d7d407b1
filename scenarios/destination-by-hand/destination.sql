-- Wider types, another order, more columns, indexes and triggers of its own: all of it stays.
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.added := 'by trigger'; RETURN new; END $$;
CREATE TABLE t (e timestamp, d real, added text DEFAULT 'by default', c text, b varchar(100), a bigint, id bigint PRIMARY KEY, CONSTRAINT fine CHECK (a > 0));
CREATE INDEX on_b ON t (b);
CREATE UNIQUE INDEX on_c ON t (c, id) WHERE a > 5;
CREATE TRIGGER stamp BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE stamp();
CREATE TABLE plain (id int PRIMARY KEY, v varchar(50), number bigserial);
CREATE TABLE of_its_own (id int PRIMARY KEY);
INSERT INTO of_its_own VALUES (1);
