-- An index whose function says lower_all() without a schema: PostgreSQL's own restore cannot build it on a filled
-- table either, as it restores with an empty search path.
CREATE FUNCTION public.lower_all(v text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(v)';
CREATE FUNCTION public.wants_public(v text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN lower_all(v); END';
CREATE TABLE public.t (id int PRIMARY KEY, w text);
INSERT INTO public.t SELECT i, 'W' || i || repeat('y', 100) FROM generate_series(1, 20000) i;
CREATE INDEX on_function ON public.t (public.wants_public(w));
