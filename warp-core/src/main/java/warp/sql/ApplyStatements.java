package warp.sql;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The statements around the changes: how the applier's session is set and a batch is ended. */
public final class ApplyStatements {

    private static final int INT4_OID = 23;
    private static final int TEXT_OID = 25;
    private static final int LSN_OID = 3220;

    public static final String BEGIN = "BEGIN";
    public static final String COMMIT = "COMMIT";

    /**
     * Triggers and foreign keys rest, as the source has fired and checked them already. Needs the
     * privilege to set the parameter.
     */
    public static final String REPLICA_ROLE = "SET session_replication_role = replica";

    /**
     * Commits do not wait for the disk, but remember what the server is configured with for those
     * that must. Rows are found by index even where a table looked small when its plan was made; a
     * set of rows is joined one by one, by index as well.
     */
    public static final String SESSION =
            "SELECT pg_catalog.set_config('warp.synchronous_commit', CASE reset_val WHEN 'off' THEN"
                + " 'on' ELSE reset_val END, false) FROM pg_catalog.pg_settings WHERE name ="
                + " 'synchronous_commit'; SELECT pg_catalog.set_config(name, 'off', false) FROM"
                + " pg_catalog.pg_settings WHERE name IN ('synchronous_commit', 'enable_seqscan',"
                + " 'enable_hashjoin', 'enable_mergejoin', 'enable_memoize', 'jit')";

    /** This transaction's commit waits until its WAL is as safe as the server is configured for. */
    public static final String SYNCHRONOUS =
            "SELECT pg_catalog.set_config('synchronous_commit',"
                    + " pg_catalog.current_setting('warp.synchronous_commit'), true)";

    /**
     * Moves the progress: $1 position, $2 transactions more, $3 slot, $4 where it stands. It finds
     * no row where somebody else has moved it meanwhile.
     */
    public static final RowStatement PROGRESS =
            new RowStatement(
                    "UPDATE warp.progress SET lsn = $1, transactions = transactions + $2,"
                            + " updated_at = pg_catalog.now()"
                            + " WHERE slot = $3 AND lane = 0 AND lsn = $4",
                    List.of(LSN_OID, INT4_OID, TEXT_OID, LSN_OID));

    /** How long an applier that has lost its client may take to end what it was doing. */
    public static final String LOCK_WAIT = "SET lock_timeout = '30s'";

    public static final String NO_LOCK_WAIT = "SET lock_timeout = 0";

    /** Columns whose collation takes texts for equal that differ: lines of table and number. */
    public static final String LOOSELY_COLLATED =
            "SELECT pg_catalog.string_agg(pg_catalog.concat(a.attrelid, ' ', a.attnum), E'\\n')"
                + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_collation c ON c.oid"
                + " OPERATOR(pg_catalog.=) a.attcollation WHERE (pg_catalog.row_to_json(c)"
                + " OPERATOR(pg_catalog.->>) 'collisdeterministic') OPERATOR(pg_catalog.=) 'false'";

    /** Of {@link #constraintsOf}: an index by which a key is there once, at any moment. */
    public static final String IDENTIFYING = "key";

    /** Of {@link #constraintsOf}: another unique index or exclusion constraint. */
    private static final String OTHER = "unique";

    /** Of {@link #constraintsOf}: a trigger or rule fires. */
    public static final String FIRES = "fires";

    private ApplyStatements() {}

    /**
     * Facts of types, a line each: OID, that of its array type (0 where {@code unnest} would not
     * give back the elements, or where a comma is not what divides them), kind, name without a
     * modifier.
     */
    public static String typesOf(Collection<Integer> oids) {
        return "SELECT pg_catalog.string_agg(pg_catalog.concat(oid, ' ', CASE WHEN typdelim = ','"
                + " THEN typarray ELSE 0 END, ' ', typtype, ' ', name), E'\\n') FROM (SELECT oid,"
                + " typarray, typdelim, typtype, pg_catalog.format_type(oid, -1) AS name FROM"
                + " pg_catalog.pg_type) t WHERE pg_catalog.strpos(name, E'\\n') = 0 AND oid IN ("
                + oids.stream().map(Integer::toUnsignedString).collect(Collectors.joining(", "))
                + ")";
    }

    /**
     * What of a table may tell its rows changed one by one from rows changed together, a line each:
     * {@link #IDENTIFYING} or another word, then the numbers of the columns of a unique index or
     * exclusion constraint (0 stands for what is no column), or {@link #FIRES}.
     *
     * @param replicaRole whether only what fires for a replica does
     */
    public static String constraintsOf(int tableOid, boolean replicaRole) {
        String oid = Integer.toUnsignedString(tableOid);
        String enabled = replicaRole ? "('A', 'R')" : "('A', 'O')";
        return "SELECT pg_catalog.string_agg(line, E'\\n') FROM (SELECT pg_catalog.concat(CASE WHEN"
                + " indisunique AND indisvalid AND indimmediate AND NOT indisexclusion THEN '"
                + IDENTIFYING
                + "' ELSE '"
                + OTHER
                + "' END, ' ', CASE WHEN indpred IS NULL THEN pg_catalog.array_to_string("
                + "(indkey::pg_catalog.int2[])[0:coalesce((pg_catalog.row_to_json(i)->>"
                + "'indnkeyatts')::pg_catalog.int4, indnatts) - 1], ' ') ELSE '0' END) AS line FROM"
                + " pg_catalog.pg_index i WHERE indrelid = "
                + oid
                + " AND (indisunique OR indisexclusion) UNION ALL SELECT '"
                + FIRES
                + "' FROM pg_catalog.pg_trigger WHERE tgrelid = "
                + oid
                + " AND tgenabled IN "
                + enabled
                + " UNION ALL SELECT '"
                + FIRES
                + "' FROM pg_catalog.pg_rewrite WHERE ev_class = "
                + oid
                + " AND ev_type <> '1' AND ev_enabled IN "
                + enabled
                + ") c";
    }

    /** One session at a time applies a slot's changes; it keeps the lock until it ends. */
    public static String lock(String slot) {
        return "SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtext('warp.progress'),"
                + " pg_catalog.hashtext("
                + Identifiers.literal(slot)
                + "))";
    }

    /** Ends the session that has {@link #lock}, should there be one. */
    public static String endHolder(String slot) {
        return "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_locks WHERE locktype"
                + " = 'advisory' AND granted AND objsubid = 2 AND database = (SELECT oid FROM"
                + " pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) AND"
                + " classid::bigint::bit(32) = pg_catalog.hashtext('warp.progress')::bit(32) AND"
                + " objid::bigint::bit(32) = pg_catalog.hashtext("
                + Identifiers.literal(slot)
                + ")::bit(32)";
    }

    /** Where the progress stands; no row where the slot is not known. */
    public static String progressOf(String slot) {
        return "SELECT lsn FROM warp.progress WHERE lane = 0 AND slot = "
                + Identifiers.literal(slot);
    }

    /** What lets a role set {@code session_replication_role}, from PostgreSQL 15 on. */
    public static String grantReplicaRole(String role) {
        return "GRANT SET ON PARAMETER session_replication_role TO " + Identifiers.quote(role);
    }
}
