-- The functions in these expressions find their tables and operators by the search path of who runs them.
CREATE SCHEMA tools;
CREATE TABLE tools.factor (id int PRIMARY KEY, f int);
INSERT INTO tools.factor VALUES (1, 3);
CREATE FUNCTION tools.scaled(v int) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = tools AS 'SELECT v * f FROM factor WHERE id = 1';
CREATE FUNCTION public.plain(v text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(v) || ''.''';
CREATE TABLE public.t (id int PRIMARY KEY, v int, w text, CONSTRAINT w_is_plain CHECK (public.plain(w) <> ''));
INSERT INTO public.t SELECT i, i % 10, 'W' || i FROM generate_series(1, 2000) i;
CREATE INDEX on_scaled ON public.t (tools.scaled(v));
CREATE UNIQUE INDEX on_plain ON public.t (public.plain(w));
