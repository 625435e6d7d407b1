-- both
SELECT count(*) FROM doc WHERE to_tsvector('public.ours'::regconfig, body) @@ to_tsquery('public.ours', 'haus')
