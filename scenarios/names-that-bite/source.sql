-- Every place where a name is put into a statement, a message, a pattern or a list.
CREATE SCHEMA "sch;ema ""with"" 'all'";
CREATE SCHEMA "SELECT";
CREATE SCHEMA "ünï 🐘";
CREATE TABLE "sch;ema ""with"" 'all'"."ta.ble, {x} \n $1 %s" ("id column" int PRIMARY KEY, "co""l" text, "'q'" text, "a,b" int, "$$" text, "\" text, "SELECT" text, "?" int, ":x" int);
CREATE TABLE "SELECT"."TABLE" ("FROM" int, "user" text, "ü" text, PRIMARY KEY ("user", "FROM"));
CREATE TABLE "ünï 🐘"."große Tabelle" ("schlüssel" int PRIMARY KEY, "wért" text);
CREATE TABLE "SELECT"." leading and trailing " (" a " int PRIMARY KEY, "	tab" text);
CREATE TABLE public."a
new line" (id int PRIMARY KEY, "b
c" text);
CREATE TABLE public."-- comment" (id int PRIMARY KEY, "/* x */" text);
CREATE TABLE public."*" (id int PRIMARY KEY, "*" text);
CREATE TABLE public."pg_like" (id int PRIMARY KEY, ctid_ text, "xmin " int);
CREATE TABLE public."Mixed" (id int PRIMARY KEY);
CREATE TABLE public.mixed (id int PRIMARY KEY);
CREATE INDEX "i;""'x" ON "sch;ema ""with"" 'all'"."ta.ble, {x} \n $1 %s" ("co""l", ("a,b" + 1));
ALTER TABLE public.mixed ADD CONSTRAINT "fk ""; DROP" FOREIGN KEY (id) REFERENCES public."Mixed" DEFERRABLE;
CREATE VIEW public."v;""" AS SELECT "co""l" AS "x;y" FROM "sch;ema ""with"" 'all'"."ta.ble, {x} \n $1 %s";
CREATE FUNCTION public."f;""(x)"("a b" int) RETURNS int LANGUAGE sql AS $_$ SELECT $1 $_$;
CREATE TYPE public."ty;""pe" AS ENUM ('a;''"');
CREATE TABLE public.typed (id int PRIMARY KEY, t public."ty;""pe" DEFAULT 'a;''"');
CREATE SEQUENCE public."s;""'x";
SELECT nextval('public."s;""''x"');
INSERT INTO "sch;ema ""with"" 'all'"."ta.ble, {x} \n $1 %s" SELECT i, 'c', 'q', i, '$', '\', 's', i, i FROM generate_series(1, 100) i;
INSERT INTO "SELECT"."TABLE" SELECT i, 'u' || i, 'ü' FROM generate_series(1, 100) i;
INSERT INTO "ünï 🐘"."große Tabelle" SELECT i, 'w' FROM generate_series(1, 100) i;
INSERT INTO "SELECT"." leading and trailing " SELECT i, 'w' FROM generate_series(1, 10) i;
INSERT INTO public."a
new line" SELECT i, 'x' FROM generate_series(1, 10) i;
INSERT INTO public."-- comment" SELECT i, 'x' FROM generate_series(1, 10) i;
INSERT INTO public."*" SELECT i, 'x' FROM generate_series(1, 10) i;
INSERT INTO public."pg_like" SELECT i, 'x' FROM generate_series(1, 10) i;
INSERT INTO public."Mixed" SELECT generate_series(1, 10);
INSERT INTO public.mixed SELECT generate_series(1, 5);
INSERT INTO public.typed VALUES (1), (2);
