CREATE ROLE database_of_its_own_app;
CREATE TABLE t (id int PRIMARY KEY);
INSERT INTO t VALUES (1);
SELECT format('ALTER DATABASE %I SET work_mem = ''7MB''', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET search_path = public, "Odd, one", "$user"', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET app.tenant = ''a, ''''b''''''', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET statement_timeout = ''1min''', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET session_preload_libraries = ''auto_explain''', current_database()) \gexec
SELECT format('ALTER ROLE database_of_its_own_app IN DATABASE %I SET app.tenant = ''here''', current_database()) \gexec
SELECT format('COMMENT ON DATABASE %I IS ''it''''s moved''', current_database()) \gexec
SELECT format('GRANT CREATE ON DATABASE %I TO database_of_its_own_app', current_database()) \gexec
SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()) \gexec
