-- No superuser on either side.
CREATE ROLE ordinary_roles_mover LOGIN REPLICATION PASSWORD 'ordinary_roles_mover';
SELECT format('GRANT CREATE ON DATABASE %I TO ordinary_roles_mover', current_database()) \gexec
GRANT CREATE ON SCHEMA public TO ordinary_roles_mover;
SET ROLE ordinary_roles_mover;
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('good');
CREATE TABLE app.t (id serial PRIMARY KEY, m app.mood, v text UNIQUE);
CREATE TABLE app.refers (id int PRIMARY KEY, t int REFERENCES app.t);
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER note BEFORE INSERT ON app.t FOR EACH ROW EXECUTE PROCEDURE app.note();
INSERT INTO app.t (m, v) SELECT 'good', 'v' || i FROM generate_series(1, 3000) i;
INSERT INTO app.refers SELECT i, i FROM generate_series(1, 3000) i;
