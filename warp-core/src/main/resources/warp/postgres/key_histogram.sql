-- The histogram of the first column of a unique b-tree index by which ranges of a table can be read,
-- the primary key first. The index must compare as the operators < and >= of the column do: default
-- operator class, the column's own collation. No row where there is no such index or no statistics.
-- From 9.4. Argument: the table's OID.
SELECT a.attname AS column_name,
    s.histogram_bounds::text::text[] AS bounds
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_am am ON am.oid = ic.relam AND am.amname = 'btree'
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a
    ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attnotnull
JOIN pg_catalog.pg_opclass oc ON oc.oid = i.indclass[0] AND oc.opcdefault
JOIN pg_catalog.pg_stats s
    ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
    AND NOT s.inherited
WHERE i.indrelid = ?::int8::oid
    AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
    AND i.indcollation[0] = a.attcollation
    AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype,
        'text'::regtype, 'varchar'::regtype, 'uuid'::regtype, 'date'::regtype,
        'timestamp'::regtype, 'timestamptz'::regtype)
    AND s.histogram_bounds IS NOT NULL
ORDER BY i.indisprimary DESC, ic.relname
LIMIT 1
