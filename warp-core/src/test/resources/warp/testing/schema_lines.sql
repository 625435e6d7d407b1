-- Everything that pg_dump writes about a database's schema, a line an object, without any OID: two databases of one
-- server have the same lines when their schemas are the same. Columns that not every version has are read through
-- to_jsonb. Left out: schema warp, publications, subscriptions, tablespaces. From 12 on.
WITH ours AS (
    SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'warp')
),
relations AS (
    SELECT c.*, c.oid::regclass::text AS named, to_jsonb(c) AS row
    FROM pg_catalog.pg_class c JOIN ours ON ours.oid = c.relnamespace
),
lines AS (
    SELECT concat_ws(' | ', 'schema', nspname, nspowner::regrole,
               ARRAY(SELECT a::text FROM unnest(nspacl) a ORDER BY 1)) AS line
    FROM ours
    UNION ALL
    SELECT concat_ws(' | ', 'relation', named, relkind, relpersistence, relreplident, relrowsecurity,
               relforcerowsecurity, relowner::regrole, ARRAY(SELECT a::text FROM unnest(relacl) a ORDER BY 1),
               ARRAY(SELECT o FROM unnest(reloptions) o ORDER BY 1), am.amname,
               CASE WHEN reloftype <> 0 THEN reloftype::regtype END, relispartition,
               pg_get_expr(relpartbound, r.oid), CASE WHEN relkind = 'p' THEN pg_get_partkeydef(r.oid) END,
               ARRAY(SELECT inhparent::regclass::text FROM pg_catalog.pg_inherits WHERE inhrelid = r.oid
                     ORDER BY inhseqno))
    FROM relations r LEFT JOIN pg_catalog.pg_am am ON am.oid = relam
    WHERE relkind NOT IN ('i', 'I', 't')
    UNION ALL
    SELECT concat_ws(' | ', 'column', named, row_number() OVER (PARTITION BY attrelid ORDER BY attnum), attname,
               format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attstorage,
               to_jsonb(a)->>'attcompression', coalesce(to_jsonb(a)->>'attstattarget', '-1'), attislocal, attinhcount,
               CASE WHEN attcollation <> 0 THEN (SELECT collnamespace::regnamespace || '.' || collname
                     FROM pg_catalog.pg_collation o WHERE o.oid = attcollation) END,
               pg_get_expr(adbin, attrelid), ARRAY(SELECT x::text FROM unnest(attacl) x ORDER BY 1), attoptions,
               attfdwoptions)
    FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = attrelid
    LEFT JOIN pg_catalog.pg_attrdef d ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped AND relkind <> 't'
    UNION ALL
    SELECT concat_ws(' | ', 'index', indrelid::regclass, pg_get_indexdef(indexrelid), indisclustered, indisreplident,
               indisvalid, indisready, indisprimary, indimmediate,
               (SELECT inhparent::regclass FROM pg_catalog.pg_inherits WHERE inhrelid = indexrelid))
    FROM pg_catalog.pg_index JOIN relations r ON r.oid = indexrelid
    UNION ALL
    SELECT concat_ws(' | ', 'constraint', CASE WHEN conrelid <> 0 THEN conrelid::regclass::text
               ELSE contypid::regtype::text END, conname, contype, pg_get_constraintdef(t.oid), convalidated,
               condeferrable, condeferred, conislocal, coninhcount, connoinherit, to_jsonb(t)->>'conenforced',
               CASE WHEN conindid <> 0 THEN conindid::regclass END)
    FROM pg_catalog.pg_constraint t JOIN ours ON ours.oid = connamespace
    UNION ALL
    SELECT concat_ws(' | ', 'trigger', named, tgname, tgenabled, pg_get_triggerdef(t.oid),
               coalesce(to_jsonb(t)->>'tgparentid', '0') <> '0')
    FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL
    SELECT concat_ws(' | ', 'event trigger', evtname, evtevent, evtowner::regrole, evtfoid::regproc, evtenabled,
               evttags)
    FROM pg_catalog.pg_event_trigger
    UNION ALL
    SELECT concat_ws(' | ', 'rule', named, rulename, ev_enabled, pg_get_ruledef(w.oid))
    FROM pg_catalog.pg_rewrite w JOIN relations r ON r.oid = ev_class
    UNION ALL
    SELECT concat_ws(' | ', 'policy', named, polname, polcmd, polpermissive,
               ARRAY(SELECT CASE WHEN p = 0 THEN 'public' ELSE p::regrole::text END FROM unnest(polroles) p ORDER BY 1),
               pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
    FROM pg_catalog.pg_policy JOIN relations r ON r.oid = polrelid
    UNION ALL
    SELECT concat_ws(' | ', 'sequence', named, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache,
               seqcycle, (SELECT concat_ws('.', refobjid::regclass, attname, deptype) FROM pg_catalog.pg_depend
                   JOIN pg_catalog.pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
                   WHERE objid = seqrelid AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i')))
    FROM pg_catalog.pg_sequence JOIN relations r ON r.oid = seqrelid
    UNION ALL
    SELECT concat_ws(' | ', 'routine', p.oid::regprocedure, prokind, proowner::regrole,
               ARRAY(SELECT a::text FROM unnest(proacl) a ORDER BY 1),
               CASE WHEN prokind <> 'a' THEN pg_get_functiondef(p.oid) END)
    FROM pg_catalog.pg_proc p JOIN ours ON ours.oid = pronamespace
    UNION ALL
    SELECT concat_ws(' | ', 'aggregate', aggfnoid::regprocedure, aggkind, aggnumdirectargs, aggtransfn, aggfinalfn,
               aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn, aggfinalextra,
               aggmfinalextra, aggfinalmodify, aggsortop::regoperator, aggtranstype::regtype, aggtransspace,
               agginitval, aggminitval, aggmtranstype::regtype)
    FROM pg_catalog.pg_aggregate JOIN pg_catalog.pg_proc p ON p.oid = aggfnoid JOIN ours ON ours.oid = pronamespace
    UNION ALL
    SELECT concat_ws(' | ', 'type', t.oid::regtype, typtype, typowner::regrole,
               ARRAY(SELECT a::text FROM unnest(typacl) a ORDER BY 1), typlen, typbyval, typcategory, typispreferred,
               typisdefined, typdelim, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze,
               typalign, typstorage, typnotnull, format_type(typbasetype, typtypmod), typndims, typdefault,
               (SELECT collname FROM pg_catalog.pg_collation WHERE oid = typcollation),
               (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_catalog.pg_enum
                WHERE enumtypid = t.oid),
               (SELECT concat_ws(' ', rngsubtype::regtype, (SELECT opcname FROM pg_catalog.pg_opclass
                    WHERE oid = rngsubopc), rngcanonical, rngsubdiff,
                    (SELECT collname FROM pg_catalog.pg_collation WHERE oid = rngcollation),
                    (to_jsonb(g)->>'rngmultitypid')::oid::regtype)
                FROM pg_catalog.pg_range g WHERE rngtypid = t.oid))
    FROM pg_catalog.pg_type t JOIN ours ON ours.oid = typnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'operator', o.oid::regoperator, oprowner::regrole, oprresult::regtype, oprcode,
               oprcom::regoperator, oprnegate::regoperator, oprrest, oprjoin, oprcanmerge, oprcanhash)
    FROM pg_catalog.pg_operator o JOIN ours ON ours.oid = oprnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'operator class', pg_describe_object('pg_opclass'::regclass, o.oid, 0), opcowner::regrole,
               pg_describe_object('pg_opfamily'::regclass, opcfamily, 0), opcintype::regtype, opcdefault,
               opckeytype::regtype)
    FROM pg_catalog.pg_opclass o JOIN ours ON ours.oid = opcnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'operator family', pg_describe_object('pg_opfamily'::regclass, f.oid, 0),
               opfowner::regrole,
               ARRAY(SELECT pg_describe_object('pg_amop'::regclass, a.oid, 0) FROM pg_catalog.pg_amop a
                     WHERE amopfamily = f.oid ORDER BY 1),
               ARRAY(SELECT pg_describe_object('pg_amproc'::regclass, a.oid, 0) FROM pg_catalog.pg_amproc a
                     WHERE amprocfamily = f.oid ORDER BY 1))
    FROM pg_catalog.pg_opfamily f JOIN ours ON ours.oid = opfnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'cast', castsource::regtype, casttarget::regtype, castfunc::regprocedure, castcontext,
               castmethod)
    FROM pg_catalog.pg_cast WHERE oid >= 16384
    UNION ALL
    SELECT concat_ws(' | ', 'conversion', nspname, conname, conowner::regrole, conforencoding, contoencoding, conproc,
               condefault)
    FROM pg_catalog.pg_conversion JOIN ours ON ours.oid = connamespace
    UNION ALL
    SELECT concat_ws(' | ', 'collation', nspname,
               to_jsonb(c) - ARRAY['oid', 'collnamespace', 'collowner', 'collversion'], collowner::regrole)
    FROM pg_catalog.pg_collation c JOIN ours ON ours.oid = collnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'text search parser', nspname, prsname, prsstart, prstoken, prsend, prsheadline, prslextype)
    FROM pg_catalog.pg_ts_parser JOIN ours ON ours.oid = prsnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'text search template', nspname, tmplname, tmplinit, tmpllexize)
    FROM pg_catalog.pg_ts_template JOIN ours ON ours.oid = tmplnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'text search dictionary', d.oid::regdictionary, dictowner::regrole, dictinitoption,
               pg_describe_object('pg_ts_template'::regclass, dicttemplate, 0))
    FROM pg_catalog.pg_ts_dict d JOIN ours ON ours.oid = dictnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'text search configuration', c.oid::regconfig, cfgowner::regrole,
               pg_describe_object('pg_ts_parser'::regclass, cfgparser, 0),
               ARRAY(SELECT concat_ws(' ', maptokentype, mapseqno, mapdict::regdictionary)
                     FROM pg_catalog.pg_ts_config_map WHERE mapcfg = c.oid ORDER BY maptokentype, mapseqno))
    FROM pg_catalog.pg_ts_config c JOIN ours ON ours.oid = cfgnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'foreign data wrapper', fdwname, fdwowner::regrole, fdwhandler::regproc,
               fdwvalidator::regproc, fdwacl, fdwoptions)
    FROM pg_catalog.pg_foreign_data_wrapper
    UNION ALL
    SELECT concat_ws(' | ', 'server', srvname, srvowner::regrole, fdwname, srvtype, srvversion, srvacl, srvoptions)
    FROM pg_catalog.pg_foreign_server JOIN pg_catalog.pg_foreign_data_wrapper f ON f.oid = srvfdw
    UNION ALL
    SELECT concat_ws(' | ', 'user mapping', srvname, usename, umoptions) FROM pg_catalog.pg_user_mappings
    UNION ALL
    SELECT concat_ws(' | ', 'foreign table', ftrelid::regclass, srvname, ftoptions)
    FROM pg_catalog.pg_foreign_table JOIN pg_catalog.pg_foreign_server s ON s.oid = ftserver
    UNION ALL
    SELECT concat_ws(' | ', 'language', lanname, lanowner::regrole, lanpltrusted, lanplcallfoid::regproc,
               laninline::regproc, lanvalidator::regproc, lanacl)
    FROM pg_catalog.pg_language
    UNION ALL
    SELECT concat_ws(' | ', 'transform', trftype::regtype, lanname, trffromsql, trftosql)
    FROM pg_catalog.pg_transform JOIN pg_catalog.pg_language l ON l.oid = trflang
    UNION ALL
    SELECT concat_ws(' | ', 'access method', amname, amtype, amhandler) FROM pg_catalog.pg_am WHERE oid >= 16384
    UNION ALL
    SELECT concat_ws(' | ', 'extension', extname, extnamespace::regnamespace, extversion,
               ARRAY(SELECT t::regclass::text FROM unnest(extconfig) t), extcondition)
    FROM pg_catalog.pg_extension
    UNION ALL
    SELECT concat_ws(' | ', 'statistics', pg_get_statisticsobjdef(s.oid), stxowner::regrole,
               coalesce(to_jsonb(s)->>'stxstattarget', '-1'))
    FROM pg_catalog.pg_statistic_ext s JOIN ours ON ours.oid = stxnamespace
    UNION ALL
    SELECT concat_ws(' | ', 'default privileges', defaclrole::regrole,
               CASE WHEN defaclnamespace <> 0 THEN defaclnamespace::regnamespace END, defaclobjtype,
               ARRAY(SELECT a::text FROM unnest(defaclacl) a ORDER BY 1))
    FROM pg_catalog.pg_default_acl
    UNION ALL
    SELECT concat_ws(' | ', 'depends on extension', pg_describe_object(classid, objid, objsubid),
               pg_describe_object(refclassid, refobjid, refobjsubid))
    FROM pg_catalog.pg_depend WHERE deptype = 'x'
    UNION ALL
    SELECT concat_ws(' | ', 'comment', pg_describe_object(classoid, objoid, objsubid), description)
    FROM pg_catalog.pg_description
    WHERE (objoid >= 16384 OR classoid = 'pg_namespace'::regclass)
      AND classoid <> 'pg_largeobject'::regclass
)
SELECT line FROM lines
ORDER BY line COLLATE "C"
