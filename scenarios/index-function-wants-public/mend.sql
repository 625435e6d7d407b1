ALTER FUNCTION public.wants_public(text) SET search_path = public;
