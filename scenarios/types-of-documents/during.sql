UPDATE t SET b = b || '{"new": [1, {"x": "\"y"}]}', j = '{"a":1,   "a":1}' WHERE id > 250;
UPDATE by_jsonb SET v = v + 10;
UPDATE by_jsonb SET k = '{"b": 1.0, "a": 2}' WHERE v = 11;
DELETE FROM by_jsonb WHERE k = '{}';
DELETE FROM without_key WHERE ctid = (SELECT min(ctid::text)::tid FROM without_key WHERE j::text = '{"same": 1}');
UPDATE without_key SET n = 2 WHERE n IS NULL;
UPDATE without_key SET j = '{"other": 1}' WHERE x::text = '<same></same>';
