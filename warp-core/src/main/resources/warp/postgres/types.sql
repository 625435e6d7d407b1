-- The types of the columns of user tables: their names, whether their binary form means the same on
-- every server, and the schema of the operator "=" of their default b-tree (else hash) operator
-- class. One row a type and modifier.
--
-- Binary: the scalars listed; enums, whose binary form is the label; ranges, multiranges and domains
-- over those. An array carries the OID of its element type, so that type must be a built-in one.
-- Not tsquery: servers refuse the bytes that they themselves send for an empty one.
-- Times are only safe where the server was built with integer times, always so from 10 on.
-- Equality: an array or a composite can be compared only if all that it is made of can.
-- From 9.4.
WITH RECURSIVE used AS MATERIALIZED ( --12+
WITH RECURSIVE used AS ( --<12
    SELECT DISTINCT a.atttypid AS type, a.atttypmod AS modifier
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
),
part (root, type) AS (
    SELECT DISTINCT u.type, u.type FROM used u
    UNION
    SELECT p.root, inner_type.oid
    FROM part p
    JOIN pg_catalog.pg_type t ON t.oid = p.type
    CROSS JOIN LATERAL (
        SELECT t.typbasetype AS oid WHERE t.typtype = 'd'
        UNION ALL
        SELECT t.typelem WHERE t.typtype = 'b' AND t.typelem <> 0 AND t.typlen = -1
        UNION ALL
        SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
        UNION ALL --14+
        SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid --14+
        UNION ALL
        SELECT a.atttypid FROM pg_catalog.pg_attribute a
        WHERE t.typtype = 'c' AND a.attrelid = t.typrelid
            AND a.attnum > 0 AND NOT a.attisdropped
    ) inner_type
),
based (type, base) AS (
    SELECT DISTINCT p.type, p.type FROM part p
    UNION
    SELECT b.type, t.typbasetype
    FROM based b
    JOIN pg_catalog.pg_type t ON t.oid = b.base
    WHERE t.typtype = 'd'
),
detail AS (
    SELECT b.type, t.typtype,
        CASE
            WHEN given.typtype = 'd' THEN true
            WHEN t.typtype IN ('e', 'r', 'm') THEN true
            WHEN t.typtype <> 'b' OR n.nspname <> 'pg_catalog' OR t.oid >= 16384 THEN
                -- an array of a type of the user's is not safe, its OID differs
                false
            WHEN t.typelem <> 0 AND t.typlen = -1 THEN
                t.typelem < 16384
                AND t.typname NOT IN ('int2vector', 'oidvector')
            ELSE
                t.typname IN (
                    'bool', 'bytea', 'char', 'name', 'int2', 'int4', 'int8', 'float4', 'float8',
                    'numeric', 'money', 'text', 'varchar', 'bpchar', 'json', 'jsonb', 'jsonpath',
                    'uuid', 'date', 'bit', 'varbit', 'inet', 'cidr', 'macaddr', 'macaddr8',
                    'point', 'lseg', 'line', 'box', 'path', 'polygon', 'circle', 'tsvector',
                    'oid', 'xid', 'xid8', 'cid', 'tid', 'pg_lsn', 'txid_snapshot',
                    'pg_snapshot')
                OR t.typname IN ('time', 'timetz', 'timestamp', 'timestamptz', 'interval')
                    AND pg_catalog.current_setting('integer_datetimes') = 'on'
        END AS binary_safe,
        (
            SELECT operator_schema.nspname
            FROM pg_catalog.pg_opclass oc
            JOIN pg_catalog.pg_am am ON am.oid = oc.opcmethod AND am.amname IN ('btree', 'hash')
            JOIN pg_catalog.pg_type accepted ON accepted.oid = oc.opcintype
            JOIN pg_catalog.pg_amop ao
                ON ao.amopfamily = oc.opcfamily
                AND ao.amoplefttype = oc.opcintype AND ao.amoprighttype = oc.opcintype
                AND ao.amopstrategy = CASE am.amname WHEN 'btree' THEN 3 ELSE 1 END
            JOIN pg_catalog.pg_operator o ON o.oid = ao.amopopr AND o.oprname = '='
            JOIN pg_catalog.pg_namespace operator_schema ON operator_schema.oid = o.oprnamespace
            WHERE oc.opcdefault
                AND (oc.opcintype = b.base
                    OR accepted.typname = 'anyarray' AND t.typelem <> 0 AND t.typlen = -1
                        AND t.typtype = 'b'
                    OR accepted.typname = 'anyenum' AND t.typtype = 'e'
                    OR accepted.typname = 'anyrange' AND t.typtype = 'r'
                    OR accepted.typname = 'anymultirange' AND t.typtype = 'm'
                    OR accepted.typname = 'record' AND t.typtype = 'c'
                    OR EXISTS (
                        SELECT FROM pg_catalog.pg_cast k
                        WHERE k.castsource = b.base AND k.casttarget = oc.opcintype
                            AND k.castmethod = 'b' AND k.castcontext = 'i'))
            ORDER BY oc.opcintype = b.base DESC, accepted.typispreferred DESC,
                am.amname = 'btree' DESC, oc.oid
            LIMIT 1
        ) AS equality
    FROM based b
    JOIN pg_catalog.pg_type given ON given.oid = b.type
    JOIN pg_catalog.pg_type t ON t.oid = b.base AND t.typtype <> 'd'
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
),
whole AS (
    SELECT p.root,
        pg_catalog.bool_and(d.binary_safe) AS binary_safe,
        pg_catalog.bool_and(d.equality IS NOT NULL) AS comparable
    FROM part p
    JOIN detail d ON d.type = p.type
    GROUP BY p.root
)
SELECT u.type::int8 AS type,
    u.modifier,
    pg_catalog.format_type(u.type, u.modifier) AS name,
    w.binary_safe,
    CASE WHEN w.comparable THEN d.equality::text END AS equality
FROM used u
JOIN whole w ON w.root = u.type
JOIN detail d ON d.type = u.type
