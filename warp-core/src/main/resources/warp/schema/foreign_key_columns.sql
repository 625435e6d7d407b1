-- The pairs of columns of one foreign key, each with the operator that compares them. From 9.4.
-- Arguments: schema and name of the table, name of the key.
SELECT fn.nspname AS referenced_schema,
    fc.relname AS referenced_table,
    a.attname AS column_name,
    b.attname AS referenced_column,
    o.oprname AS operator_name,
    op.nspname AS operator_schema
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class fc ON fc.oid = k.confrelid
JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
CROSS JOIN LATERAL pg_catalog.generate_subscripts(k.conkey, 1) i
JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[i]
JOIN pg_catalog.pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[i]
JOIN pg_catalog.pg_operator o ON o.oid = k.conpfeqop[i]
JOIN pg_catalog.pg_namespace op ON op.oid = o.oprnamespace
WHERE k.contype = 'f' AND n.nspname = ? AND c.relname = ? AND k.conname = ?
ORDER BY i
