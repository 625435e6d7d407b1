-- Policies hide rows from the application; the superuser copies them all.
CREATE ROLE row_security_tenant;
CREATE TABLE tenant_row (id int PRIMARY KEY, tenant text NOT NULL DEFAULT current_user, note text);
INSERT INTO tenant_row SELECT i, CASE WHEN i % 2 = 0 THEN 'row_security_tenant' ELSE 'other' END, 'n' || i FROM generate_series(1, 100) i;
ALTER TABLE tenant_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_row FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tenant_row TO row_security_tenant USING (tenant = current_user) WITH CHECK (tenant = current_user);
CREATE POLICY reads ON tenant_row FOR SELECT USING (note <> 'secret');
CREATE POLICY "in""serts" ON tenant_row FOR INSERT WITH CHECK (id > 0);
CREATE TABLE off_now (id int PRIMARY KEY);
CREATE POLICY waiting ON off_now USING (id > 5);
SELECT current_setting('server_version_num')::int >= 100000 AS v10 \gset
\if :v10
CREATE POLICY narrow ON tenant_row AS RESTRICTIVE FOR UPDATE USING (id <> 7);
\endif
GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_row TO row_security_tenant;
COMMENT ON POLICY own ON tenant_row IS 'their own';
