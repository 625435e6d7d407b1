-- both
SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolconnlimit, rolvaliduntil, rolreplication FROM pg_roles WHERE rolname LIKE 'roles\_and\_settings\_%' ORDER BY 1
-- both
SELECT r.rolname, m.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE r.rolname LIKE 'roles\_and\_settings\_%' ORDER BY 1, 2
-- both
SELECT rolname, s.setdatabase <> 0, setconfig FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = setrole WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) ORDER BY 1, 2
-- both
SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()
