CREATE ROLE row_security_hides_rows_mover LOGIN REPLICATION PASSWORD 'row_security_hides_rows_mover';
CREATE TABLE t (id int PRIMARY KEY);
INSERT INTO t VALUES (1), (2);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
CREATE POLICY one ON t USING (id = 1);
ALTER TABLE t OWNER TO row_security_hides_rows_mover;
SELECT format('GRANT CREATE ON DATABASE %I TO row_security_hides_rows_mover', current_database()) \gexec
