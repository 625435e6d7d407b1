UPDATE app.t SET v = 'b' WHERE id = 3;
UPDATE app_private.t SET v = 'b' WHERE id = 3;
DELETE FROM public.t;
