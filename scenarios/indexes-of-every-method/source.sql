CREATE TABLE doc (id int PRIMARY KEY, name text, tags text[], body tsvector, spot point, span int4range, at timestamp, ip inet, data jsonb, lower_name text);
INSERT INTO doc SELECT i, 'name ' || i % 300, ARRAY['t' || i % 3, 'u' || i % 5], to_tsvector('simple', 'word' || i % 20), point(i, i % 10), int4range(i, i + 5), '2020-01-01'::timestamp + i * interval '1 hour', ('10.0.0.' || i % 250)::inet, jsonb_build_object('k', i % 9, 'n', i), 'n' FROM generate_series(1, 3000) i;
CREATE INDEX by_hash ON doc USING hash (name);
CREATE INDEX by_gin_tags ON doc USING gin (tags) WITH (fastupdate = off);
CREATE INDEX by_gin_body ON doc USING gin (body);
CREATE INDEX by_gin_path ON doc USING gin (data jsonb_path_ops);
CREATE INDEX by_gist_spot ON doc USING gist (spot);
CREATE INDEX by_gist_span ON doc USING gist (span) WITH (buffering = on);
CREATE INDEX by_spgist ON doc USING spgist (spot);
CREATE INDEX by_spgist_text ON doc USING spgist (name);
CREATE INDEX by_brin ON doc USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX by_brin_ip ON doc USING brin (ip inet_inclusion_ops);
CREATE INDEX partial ON doc (name) WHERE id % 2 = 0 AND name IS NOT NULL;
CREATE INDEX on_expression ON doc (lower(name), (id * 2) DESC NULLS LAST);
CREATE INDEX on_json ON doc ((data ->> 'k'), ((data ->> 'n')::int));
CREATE INDEX pattern ON doc (name text_pattern_ops);
CREATE INDEX collated ON doc (name COLLATE "C" DESC, at NULLS FIRST) WITH (fillfactor = 60);
CREATE UNIQUE INDEX unique_expression ON doc ((id + 1)) WHERE id > 10;
CREATE INDEX "odd ""index"" name" ON doc (at);

CLUSTER doc USING collated;
SELECT current_setting('server_version_num')::int >= 110000 AS v11, current_setting('server_version_num')::int >= 130000 AS v13,
  current_setting('server_version_num')::int >= 140000 AS v14, current_setting('server_version_num')::int >= 150000 AS v15 \gset
\if :v11
ALTER INDEX on_expression ALTER COLUMN 2 SET STATISTICS 500;
CREATE UNIQUE INDEX covering ON doc (id) INCLUDE (name, at);
ALTER TABLE doc ADD CONSTRAINT covering_key UNIQUE (id) INCLUDE (ip);
\endif
\if :v13
CREATE INDEX no_dedup ON doc (name) WITH (deduplicate_items = off);
CREATE INDEX long_signature ON doc USING gist (body tsvector_ops (siglen = 100));
\endif
\if :v14
CREATE INDEX brin_minmax ON doc USING brin (id int4_minmax_multi_ops (values_per_range = 20), at timestamp_bloom_ops);
\endif
\if :v15
CREATE UNIQUE INDEX nulls_alike ON doc (id, lower_name) NULLS NOT DISTINCT;
\endif
