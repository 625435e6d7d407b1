-- Every column of a table as a definition needs it. The missing value is what rows have that were
-- there before the column was added (11 and later). From 9.4. Argument: the table's OID.
SELECT a.attnum::int4 AS number,
    a.attname AS name,
    a.atttypid::int8 AS type,
    a.atttypmod AS modifier,
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name,
    a.attnotnull AS not_null,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_text,
    (a.attmissingval::text::text[])[1] AS missing, --11+
    NULL::text AS missing, --<11
    a.atthasmissing AS has_missing, --11+
    false AS has_missing, --<11
    a.attgenerated::text AS generated, --12+
    '' AS generated, --<12
    a.attidentity::text AS identity, --10+
    '' AS identity, --<10
    pg_catalog.format_type((SELECT s.seqtypid FROM pg_catalog.pg_depend o JOIN pg_catalog.pg_sequence s ON s.seqrelid = o.objid WHERE o.refclassid = 'pg_catalog.pg_class'::regclass AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum AND o.deptype = 'a' AND s.seqtypid <> 20 LIMIT 1), NULL) AS sequence_type, --10+
    NULL::text AS sequence_type, --<10
    CASE WHEN a.attcollation <> t.typcollation
        THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)
        END AS collation_name
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
