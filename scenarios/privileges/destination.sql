CREATE ROLE privileges_owner;
CREATE ROLE "privileges_odd ""role""";
CREATE ROLE privileges_reader;
