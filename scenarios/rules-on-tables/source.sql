-- Rules rewrite the application's statements, not Warp's: the rows they made at the source arrive as rows.
CREATE TABLE item (id int PRIMARY KEY, name text);
CREATE TABLE item_log (id bigserial PRIMARY KEY, item int, what text);
CREATE TABLE kept (id int PRIMARY KEY, name text);
INSERT INTO item SELECT i, 'item ' || i FROM generate_series(1, 30) i;
INSERT INTO kept SELECT i, 'kept ' || i FROM generate_series(1, 30) i;
CREATE RULE log_insert AS ON INSERT TO item DO ALSO INSERT INTO item_log (item, what) VALUES (new.id, 'insert');
CREATE RULE log_update AS ON UPDATE TO item WHERE old.name IS DISTINCT FROM new.name DO ALSO INSERT INTO item_log (item, what) VALUES (old.id, 'update');
CREATE RULE no_delete AS ON DELETE TO kept DO INSTEAD UPDATE kept SET name = 'deleted' WHERE id = old.id;
CREATE RULE disabled AS ON INSERT TO item DO INSTEAD NOTHING;
ALTER TABLE item DISABLE RULE disabled;
COMMENT ON RULE no_delete ON kept IS 'nothing goes';
