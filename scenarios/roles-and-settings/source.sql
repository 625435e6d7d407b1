CREATE ROLE roles_and_settings_owner NOLOGIN CREATEDB CONNECTION LIMIT 7;
CREATE ROLE roles_and_settings_user LOGIN PASSWORD 'x' VALID UNTIL '2030-01-01' IN ROLE roles_and_settings_owner;
ALTER ROLE roles_and_settings_user SET work_mem = '7MB';
SELECT format('ALTER ROLE roles_and_settings_user IN DATABASE %I SET statement_timeout = %L', current_database(), '5min') \gexec
SELECT format('ALTER DATABASE %I SET search_path = %L', current_database(), 'app, public') \gexec
SELECT format('COMMENT ON DATABASE %I IS %L', current_database(), 'it''s ours') \gexec
CREATE SCHEMA app AUTHORIZATION roles_and_settings_owner;
CREATE TABLE app.t (id int PRIMARY KEY);
ALTER TABLE app.t OWNER TO roles_and_settings_owner;
GRANT SELECT ON app.t TO roles_and_settings_user;
INSERT INTO app.t VALUES (1);
