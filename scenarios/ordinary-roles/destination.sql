CREATE ROLE ordinary_roles_mover LOGIN PASSWORD 'ordinary_roles_mover';
SELECT format('GRANT CREATE ON DATABASE %I TO ordinary_roles_mover', current_database()) \gexec
GRANT SET ON PARAMETER session_replication_role TO ordinary_roles_mover;
