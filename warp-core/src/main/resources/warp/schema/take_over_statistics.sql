-- Lets the planner know of a table's own rows what that of another server knows, as known_statistics.sql gives it:
-- whether it has taken all of it. No row, and nothing is done, where the columns are not the same, of the same types and
-- collations, or where there is more to know here: extended statistics, those of expressions. From 18.
-- Arguments: the columns, the table's OID as text, the number of rows and the other server's version.
WITH known AS (
    SELECT *
    FROM pg_catalog.json_to_recordset(?::json) AS k (
        column_name text, type_name text, collation_name text,
        null_frac real, avg_width int, n_distinct real, correlation real,
        most_common_vals text, most_common_freqs real[], histogram_bounds text,
        most_common_elems text, most_common_elem_freqs real[], elem_count_histogram real[],
        range_length_histogram text, range_empty_frac real, range_bounds_histogram text)
),
here AS (
    SELECT a.attname::text AS column_name,
        pg_catalog.format_type(a.atttypid, NULL) AS type_name,
        CASE co.collname
            WHEN 'default' THEN (
                SELECT CASE d.datlocprovider WHEN 'c' THEN d.datcollate ELSE d.datlocale END
                FROM pg_catalog.pg_database d
                WHERE d.datname = pg_catalog.current_database())
            ELSE co.collname::text
        END AS collation_name
    FROM pg_catalog.pg_attribute a
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
    WHERE a.attrelid = ?::text::oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v'
),
receiver AS (
    SELECT n.nspname::text AS schema_name, c.relname::text AS table_name, c.oid, c.reltuples
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = ?::text::oid
        AND NOT EXISTS (
            SELECT FROM known k
            FULL JOIN here h ON h.column_name = k.column_name COLLATE "C"
                AND h.type_name = k.type_name COLLATE "C"
                AND coalesce(h.collation_name, '') = coalesce(k.collation_name, '') COLLATE "C"
            WHERE h.column_name IS NULL OR k.column_name IS NULL)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_statistic_ext e WHERE e.stxrelid = c.oid)
        AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indexprs IS NOT NULL)
)
SELECT coalesce(
    -- Who has built an index has counted better.
    CASE WHEN r.reltuples < 0 THEN
        pg_catalog.pg_restore_relation_stats(
            'schemaname', r.schema_name, 'relname', r.table_name, 'version', ?::int,
            'relpages', (pg_catalog.pg_relation_size(r.oid)
                / pg_catalog.current_setting('block_size')::int)::int,
            'reltuples', ?::real)
    ELSE true END
    AND (
        SELECT pg_catalog.bool_and(pg_catalog.pg_restore_attribute_stats(
            'schemaname', r.schema_name, 'relname', r.table_name, 'version', ?::int,
            'attname', k.column_name, 'inherited', false,
            'null_frac', k.null_frac, 'avg_width', k.avg_width, 'n_distinct', k.n_distinct,
            'correlation', k.correlation,
            'most_common_vals', k.most_common_vals, 'most_common_freqs', k.most_common_freqs,
            'histogram_bounds', k.histogram_bounds,
            'most_common_elems', k.most_common_elems,
            'most_common_elem_freqs', k.most_common_elem_freqs,
            'elem_count_histogram', k.elem_count_histogram,
            'range_length_histogram', k.range_length_histogram,
            'range_empty_frac', k.range_empty_frac,
            'range_bounds_histogram', k.range_bounds_histogram))
        FROM known k), false) AS taken
FROM receiver r
