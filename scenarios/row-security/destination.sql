CREATE ROLE row_security_tenant;
