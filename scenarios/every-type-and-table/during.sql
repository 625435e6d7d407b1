SELECT format('UPDATE kinds.%I SET n = 77 WHERE ctid = (SELECT min(ctid::text)::tid FROM kinds.%1$I)', 'keyless ' || type_name) FROM kinds.samples ORDER BY 1 \gexec
SELECT format('DELETE FROM kinds.%I WHERE n = 1', 'keyless ' || type_name) FROM kinds.samples ORDER BY 1 \gexec
SELECT format('UPDATE kinds.%I SET v = %L WHERE n IS NULL AND v IS NULL', 'keyless ' || type_name, literal_two) FROM kinds.samples ORDER BY 1 \gexec
SELECT format('UPDATE kinds.%I SET v = v + 10', relname) FROM pg_class WHERE relnamespace = 'kinds'::regnamespace AND relname LIKE 'key %' AND relkind = 'r' ORDER BY 1 \gexec
SELECT format('DELETE FROM kinds.%I WHERE v = 12', relname) FROM pg_class WHERE relnamespace = 'kinds'::regnamespace AND relname LIKE 'key %' AND relkind = 'r' ORDER BY 1 \gexec
UPDATE kinds.checked SET c = c + 1;
DELETE FROM kinds.checked WHERE a = 200;
UPDATE trees.a SET x = x || '!', later = 6 WHERE x <> 'a';
DELETE FROM trees.person WHERE name LIKE '%7';
UPDATE trees.two_columns SET a = a + 5, v = 'moved';
UPDATE "odd ""names"", all"."SELECT * FROM x; --" SET "a" = "a" - 100, "%s {0} $1 ?" = 1;
UPDATE "odd ""names"", all"."ÄÖÜ äöü ß 漢字 🐘" SET "漢字" = -"漢字" WHERE "漢字" > 10;
UPDATE kinds.toasted SET id = id + 100 WHERE id > 30;
