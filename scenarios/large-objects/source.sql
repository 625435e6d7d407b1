SELECT lo_from_bytea(0, decode(repeat('00ff5c', 3000), 'hex')) AS one \gset
SELECT lo_from_bytea(990001, 'small'), lo_from_bytea(990002, '');
CREATE TABLE picture (id int PRIMARY KEY, body oid);
INSERT INTO picture VALUES (1, :one), (2, 990001);
COMMENT ON LARGE OBJECT 990001 IS 'it''s small';
GRANT SELECT ON LARGE OBJECT 990001 TO public;
