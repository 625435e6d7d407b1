UPDATE "sch;ema ""with"" 'all'"."ta.ble, {x} \n $1 %s" SET "co""l" = 'new', "?" = 0, ":x" = 1, "\" = E'\n' WHERE "id column" % 5 = 0;
DELETE FROM "sch;ema ""with"" 'all'"."ta.ble, {x} \n $1 %s" WHERE "id column" = 7;
UPDATE "SELECT"."TABLE" SET "user" = 'x' || "user" WHERE "FROM" < 20;
UPDATE "ünï 🐘"."große Tabelle" SET "wért" = '🐘';
UPDATE "SELECT"." leading and trailing " SET "	tab" = 'y';
UPDATE public."a
new line" SET "b
c" = 'z';
UPDATE public."-- comment" SET "/* x */" = '*/';
UPDATE public."*" SET "*" = 'y' WHERE id = 1;
UPDATE public."pg_like" SET "xmin " = 5;
INSERT INTO public."Mixed" VALUES (11);
INSERT INTO public.mixed VALUES (11);
DELETE FROM public.typed WHERE id = 1;
