SET ROLE row_security_tenant;
INSERT INTO tenant_row (id, note) VALUES (1000, 'as tenant');
UPDATE tenant_row SET note = 'touched' WHERE id < 20;
DELETE FROM tenant_row WHERE id = 30;
RESET ROLE;
INSERT INTO off_now VALUES (1);
