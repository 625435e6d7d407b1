-- Bodies that need what is made after them, texts full of what ends statements, and every clause.
CREATE SCHEMA lib;
CREATE FUNCTION lib.reads_later() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM public.zz_later); END $$;
SET check_function_bodies = off;
CREATE FUNCTION lib.sql_later() RETURNS SETOF int LANGUAGE sql STABLE ROWS 7 COST 33 AS 'SELECT id FROM public.zz_later';
CREATE TABLE public.zz_later (id int PRIMARY KEY, note text DEFAULT 'none');
CREATE FUNCTION lib.odd_text() RETURNS text LANGUAGE sql IMMUTABLE STRICT LEAKPROOF AS $_$ SELECT ';'';$$ -- no comment
/* nor this */ ' || E'\\' || $q$ ; -- Name: x; Type: TABLE; Schema: public; Owner: -
-- TOC entry 1 (class 1 OID 1)
$q$ $_$;
CREATE FUNCTION lib.with_defaults(a int DEFAULT 5, VARIADIC b text[] DEFAULT ARRAY['x;', 'y']) RETURNS text LANGUAGE sql AS $$ SELECT a || array_to_string(b, ',') $$;
CREATE FUNCTION lib.outs(IN a int, OUT b int, INOUT c text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = lib, pg_temp SET work_mem = '5MB' AS $$ BEGIN b := a; END $$;
CREATE FUNCTION lib.to_table(n int) RETURNS TABLE (x int, "odd name" text) LANGUAGE sql AS $$ SELECT i, i::text FROM generate_series(1, n) i $$;
CREATE FUNCTION lib.poly(anyelement, anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION lib.by_internal(text) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'textlen';
CREATE FUNCTION lib.row_of(zz_later) RETURNS text LANGUAGE sql AS 'SELECT $1.note';
CREATE FUNCTION lib.makes_event() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
ALTER FUNCTION lib.poly(anyelement, anyarray) PARALLEL SAFE;
-- The default and the constraint of a table need a function, which needs another table.
CREATE FUNCTION lib.next_id() RETURNS bigint LANGUAGE sql AS 'SELECT coalesce(max(id), 0)::bigint + 1 FROM public.zz_later';
CREATE TABLE public.aa_uses (id bigint PRIMARY KEY DEFAULT lib.next_id(), v text CHECK (length(lib.odd_text() || v) > 3));
INSERT INTO zz_later SELECT i FROM generate_series(1, 20) i;
INSERT INTO aa_uses (v) VALUES ('first');
SELECT current_setting('server_version_num')::int >= 110000 AS v11, current_setting('server_version_num')::int >= 140000 AS v14 \gset
\if :v11
CREATE PROCEDURE lib.does(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.zz_later VALUES (a); COMMIT; END $$;
\endif
\if :v14
CREATE FUNCTION lib.standard(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a; SELECT CASE WHEN a > b THEN a ELSE b END; END;
CREATE FUNCTION lib.expression(a int) RETURNS int LANGUAGE sql RETURN a + 1;
CREATE FUNCTION lib.reads_standard() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM public.zz_later; END;
\endif
