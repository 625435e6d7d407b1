-- What the planner knows of a table's own rows, as a JSON array with an object for each column. No row where
-- it is not worth to be told to another server: where nobody has looked at the table, as far as the server remembers, or
-- a tenth of its rows has changed since, and where more is known than can be told: extended statistics, those of
-- expressions, and before 17 those of ranges. From 9.4. Argument: the table's OID as text.
SELECT c.reltuples::float8 AS rows_estimated,
    pg_catalog.current_setting('server_version_num')::int AS version,
    pg_catalog.json_agg(k)::text AS columns
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN LATERAL (
    SELECT s.attname AS column_name,
        pg_catalog.format_type(a.atttypid, NULL) AS type_name,
        CASE co.collname
            WHEN 'default' THEN (
                SELECT
                    CASE d.datlocprovider WHEN 'c' THEN d.datcollate ELSE --15+
                        coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', --15+
                            pg_catalog.to_jsonb(d) ->> 'daticulocale') END --15+
                    d.datcollate --<15
                FROM pg_catalog.pg_database d
                WHERE d.datname = pg_catalog.current_database())
            ELSE co.collname
        END AS collation_name,
        s.null_frac, s.avg_width, s.n_distinct, s.correlation,
        s.most_common_vals::text AS most_common_vals, s.most_common_freqs,
        s.histogram_bounds::text AS histogram_bounds,
        s.most_common_elems::text AS most_common_elems, s.most_common_elem_freqs,
        s.range_length_histogram::text AS range_length_histogram, s.range_empty_frac, --17+
        s.range_bounds_histogram::text AS range_bounds_histogram, --17+
        s.elem_count_histogram
    FROM pg_catalog.pg_stats s
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
    WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited
) k ON true
WHERE c.oid = ?::text::oid
    AND c.reltuples > 0
    AND coalesce(
        pg_catalog.pg_stat_get_last_analyze_time(c.oid),
        pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid)) IS NOT NULL
    AND pg_catalog.pg_stat_get_mod_since_analyze(c.oid) <= c.reltuples / 10
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_statistic_ext e WHERE e.stxrelid = c.oid) --10+
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indexprs IS NOT NULL)
    AND NOT EXISTS ( --<17
        SELECT FROM pg_catalog.pg_attribute a --<17
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid --<17
        LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype --<17
        WHERE a.attrelid = c.oid AND a.attnum > 0 --<17
            AND coalesce(b.typtype, t.typtype) IN ('r', 'm')) --<17
GROUP BY c.oid, c.reltuples
