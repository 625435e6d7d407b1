-- Whether a slot or a publication has this name already. From 9.4. Arguments: the name, twice.
SELECT EXISTS (
        SELECT FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = ?) AS slot,
    EXISTS (SELECT FROM pg_catalog.pg_publication p WHERE p.pubname = ?) AS publication --10+
    ?::text IS NULL AS publication --<10
