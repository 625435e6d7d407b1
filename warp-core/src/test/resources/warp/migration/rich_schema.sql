-- A schema with one of nearly everything, for 9.6 and later.
CREATE EXTENSION hstore;
CREATE EXTENSION citext;
CREATE SCHEMA shop;
CREATE SCHEMA "Odd ""Schema";
COMMENT ON SCHEMA shop IS 'where it''s sold; really';
GRANT USAGE ON SCHEMA shop TO clerk;

CREATE TYPE shop.mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE DOMAIN shop.positive AS integer CHECK (VALUE > 0);
CREATE TYPE shop.address AS (street text, zip text);
CREATE TYPE shop.floats AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE "Odd ""Schema"."new
line" AS ENUM ('a');

CREATE FUNCTION shop.next_number() RETURNS bigint LANGUAGE plpgsql AS $fn$
BEGIN
  -- a comment;
--
-- TOC entry 1 (class 1259 OID 1)
-- Name: fake; Type: TABLE; Schema: public; Owner: -
--
  RETURN 42;
END $fn$;
CREATE FUNCTION shop.sum_sql(a integer, b integer DEFAULT 2) RETURNS integer
    LANGUAGE sql IMMUTABLE AS 'SELECT a + b;';
CREATE AGGREGATE shop.total(integer) (sfunc = int4pl, stype = integer, initcond = '0');
CREATE OPERATOR shop.#+# (leftarg = integer, rightarg = integer, procedure = shop.sum_sql);
CREATE COLLATION shop.german FROM "C";
CREATE TEXT SEARCH CONFIGURATION shop.words (COPY = pg_catalog.simple);

CREATE SEQUENCE shop.free_seq START 100 INCREMENT 5 CYCLE MAXVALUE 1000000 CACHE 3;

CREATE TABLE shop.customer (
    id serial PRIMARY KEY,
    email citext NOT NULL UNIQUE,
    mood shop.mood DEFAULT 'happy',
    lives shop.address,
    extra hstore,
    favourite integer,
    tags text[] DEFAULT '{}',
    number bigint DEFAULT shop.next_number() NOT NULL
);
CREATE TABLE shop.orders (
    id bigint DEFAULT nextval('shop.free_seq') PRIMARY KEY,
    customer integer NOT NULL REFERENCES shop.customer DEFERRABLE INITIALLY DEFERRED,
    amount shop.positive,
    during tsrange,
    CONSTRAINT amount_small CHECK (amount < 1000000),
    CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&),
    CONSTRAINT later UNIQUE (customer, amount) DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE shop.customer ADD CONSTRAINT favourite_fk FOREIGN KEY (favourite)
    REFERENCES shop.customer (id) ON DELETE SET NULL;
CREATE INDEX orders_amount ON shop.orders (amount DESC NULLS LAST) WHERE amount > 10;
CREATE INDEX customer_lower ON shop.customer (lower(email::text)) WITH (fillfactor = 70);
ALTER TABLE shop.orders CLUSTER ON orders_pkey;
CREATE UNIQUE INDEX customer_number ON shop.customer (number, id);
ALTER TABLE shop.customer REPLICA IDENTITY USING INDEX customer_number;
ALTER TABLE shop.customer ALTER COLUMN email SET STATISTICS 500;
COMMENT ON TABLE shop.orders IS 'a ; -- b
-- TOC entry 3 (class 1259 OID 1)';
COMMENT ON COLUMN shop.orders.amount IS 'in cents';

CREATE TABLE "Odd ""Schema"."Weird
table; Type: VIEW" (
    "Key" integer PRIMARY KEY,
    "new
line" "Odd ""Schema"."new
line",
    "select" text DEFAULT 'it''s; $$'
);
COMMENT ON TABLE "Odd ""Schema"."Weird
table; Type: VIEW" IS 'odd';

CREATE TABLE shop.base (id integer PRIMARY KEY, note text);
CREATE TABLE shop.child (extra integer, PRIMARY KEY (id)) INHERITS (shop.base);
CREATE UNLOGGED TABLE shop.scratch (id integer);
CREATE TABLE shop.empty_columns ();
CREATE TABLE shop.cycle_a (id integer PRIMARY KEY, b integer);
CREATE TABLE shop.cycle_b (id integer PRIMARY KEY, a integer REFERENCES shop.cycle_a);
ALTER TABLE shop.cycle_a ADD FOREIGN KEY (b) REFERENCES shop.cycle_b;
ALTER TABLE shop.empty_columns REPLICA IDENTITY FULL;
ALTER TABLE shop.base ADD COLUMN gone integer;
ALTER TABLE shop.base DROP COLUMN gone;

CREATE VIEW shop.rich AS SELECT c.id, sum(o.amount) AS amount
    FROM shop.customer c JOIN shop.orders o ON o.customer = c.id GROUP BY c.id;
CREATE MATERIALIZED VIEW shop.z_first AS SELECT id, email FROM shop.customer;
CREATE VIEW shop.between AS SELECT id FROM shop.z_first;
CREATE MATERIALIZED VIEW shop.a_second AS SELECT count(*) AS n FROM shop.between;
CREATE UNIQUE INDEX z_first_id ON shop.z_first (id);
CREATE MATERIALIZED VIEW shop.never AS SELECT 1 AS one WITH NO DATA;

CREATE RULE protect AS ON DELETE TO shop.base DO INSTEAD
    (SELECT 1 AS one; SELECT 2 AS two;);
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.note := NEW.note || '!'; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT ON shop.base FOR EACH ROW EXECUTE PROCEDURE shop.touch();
CREATE TRIGGER always_touch BEFORE UPDATE ON shop.base FOR EACH ROW EXECUTE PROCEDURE shop.touch();
ALTER TABLE shop.base ENABLE ALWAYS TRIGGER always_touch;
ALTER TABLE shop.cycle_a ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON shop.cycle_a TO clerk USING (id > 0);

ALTER TABLE shop.orders OWNER TO clerk;
GRANT SELECT, UPDATE (mood) ON shop.customer TO clerk;
REVOKE ALL ON FUNCTION shop.next_number() FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO clerk;

INSERT INTO shop.customer (email, lives, extra, tags)
    SELECT 'c' || i || '@example.org', ROW('street ' || i, '1'::text)::shop.address, hstore('k', i::text), ARRAY['x']
    FROM generate_series(1, 300) i;
INSERT INTO shop.orders (customer, amount, during)
    SELECT 1 + i % 300, i, tsrange('2020-01-01'::timestamp + i * interval '1 hour',
        '2020-01-01'::timestamp + (i + 1) * interval '1 hour')
    FROM generate_series(1, 30000) i;
INSERT INTO "Odd ""Schema"."Weird
table; Type: VIEW" VALUES (1, 'a'), (2, 'a');
INSERT INTO shop.base VALUES (1, 'one');
INSERT INTO shop.child VALUES (2, 'two', 3);
INSERT INTO shop.cycle_a VALUES (1, NULL);
INSERT INTO shop.cycle_b VALUES (1, 1);
UPDATE shop.cycle_a SET b = 1;
REFRESH MATERIALIZED VIEW shop.z_first;
REFRESH MATERIALIZED VIEW shop.a_second;
