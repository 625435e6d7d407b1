UPDATE thing SET h = h OPERATOR(ext.||) 'new=>"1, 2"'::ext.hstore, tags = tags || 5 WHERE id % 5 = 0;
UPDATE by_name SET name = upper(name), v = v + 1 WHERE name = 'NAME 7';
UPDATE by_name SET v = 0 WHERE v > 40;
UPDATE by_path SET path = path OPERATOR(ext.||) 'more'::text WHERE path OPERATOR(ext.~) '*.b1*';
DELETE FROM by_path WHERE path::text = 'a.b20';
