-- The roles are not at the destination: nothing asks for them.
CREATE ROLE without_owners_and_grants_owner;
CREATE ROLE without_owners_and_grants_reader;
CREATE SCHEMA s AUTHORIZATION without_owners_and_grants_owner;
CREATE TABLE s.t (id int PRIMARY KEY, v text);
ALTER TABLE s.t OWNER TO without_owners_and_grants_owner;
GRANT SELECT ON s.t TO without_owners_and_grants_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE without_owners_and_grants_owner GRANT SELECT ON TABLES TO without_owners_and_grants_reader;
INSERT INTO s.t SELECT i, 'v' FROM generate_series(1, 20) i;
