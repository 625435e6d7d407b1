-- both
SELECT coalesce(r.rolname::text, ''), c FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database() LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c WHERE c NOT LIKE 'session_preload%' ORDER BY 1, 2
-- both
SELECT shobj_description(oid, 'pg_database'), array(SELECT a::text FROM unnest(datacl) a ORDER BY 1) FROM pg_database WHERE datname = current_database()
