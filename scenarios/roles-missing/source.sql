CREATE ROLE roles_missing_owner;
CREATE ROLE "roles_missing ""reader""";
CREATE ROLE roles_missing_of_policy;
CREATE TABLE t (id int PRIMARY KEY);
ALTER TABLE t OWNER TO roles_missing_owner;
GRANT SELECT (id) ON t TO "roles_missing ""reader""";
CREATE POLICY p ON t TO roles_missing_of_policy USING (true);
