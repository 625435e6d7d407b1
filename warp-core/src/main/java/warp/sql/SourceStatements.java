package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.DeclaredIdentity;
import warp.model.OutputPlugin;
import warp.model.ServerVersion;
import warp.model.TableName;

/** Statements that make and drop what a migration needs at the source: publication and slot. */
public final class SourceStatements {

    /** A statement of this transaction that waits longer for a lock fails with 55P03. */
    public static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '1s'";

    /** The same for every statement of this session, until {@link #LONG_WAITS}. */
    public static final String SHORT_WAITS = "SET lock_timeout = '1s'";

    public static final String LONG_WAITS = "SET lock_timeout = 0";

    private SourceStatements() {}

    /** {@code CREATE PUBLICATION … FOR TABLE ONLY …, …}. */
    public static String createPublication(String name, List<TableName> tables) {
        return "CREATE PUBLICATION "
                + Identifiers.quote(name)
                + (tables.isEmpty() ? "" : " FOR TABLE " + only(tables));
    }

    /**
     * A publication of what is inserted only: it does not keep the source from updating tables that
     * have no replica identity.
     *
     * @param tables at least one
     */
    public static String createInsertsPublication(
            String name, List<TableName> tables, ServerVersion version) {
        return createPublication(name, tables)
                + " WITH (publish = 'insert"
                + (version.atLeast(11) ? ", truncate" : "")
                + "')";
    }

    /** {@code ALTER TABLE … REPLICA IDENTITY …}. */
    public static String replicaIdentity(TableName table, DeclaredIdentity identity) {
        String index = identity.index();
        String what =
                switch (identity.kind()) {
                    case DEFAULT -> "DEFAULT";
                    case NOTHING -> "NOTHING";
                    case FULL -> "FULL";
                    case INDEX ->
                            index == null ? "NOTHING" : "USING INDEX " + Identifiers.quote(index);
                };
        return "ALTER TABLE ONLY " + Identifiers.qualified(table) + " REPLICA IDENTITY " + what;
    }

    /** {@code ALTER PUBLICATION … ADD TABLE ONLY …, …}. */
    public static String addToPublication(String name, List<TableName> tables) {
        return "ALTER PUBLICATION " + Identifiers.quote(name) + " ADD TABLE " + only(tables);
    }

    /** {@code ALTER PUBLICATION … DROP TABLE ONLY …, …}. */
    public static String dropFromPublication(String name, List<TableName> tables) {
        return "ALTER PUBLICATION " + Identifiers.quote(name) + " DROP TABLE " + only(tables);
    }

    private static String only(List<TableName> tables) {
        return tables.stream()
                .map(table -> "ONLY " + Identifiers.qualified(table))
                .collect(Collectors.joining(", "));
    }

    /**
     * Begins a transaction that sees the snapshot and keeps the tables from being truncated or
     * rewritten until its end. Somebody who waits to do that stands before us in the queue and may
     * wait for another session of ours: so it fails after a second (SQLSTATE 55P03) rather than
     * wait for ever.
     */
    public static String beginLocked(String snapshot, List<TableName> tables) {
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT "
                + Identifiers.literal(snapshot)
                + "; SET LOCAL lock_timeout = '1s'"
                + (tables.isEmpty()
                        ? ""
                        : "; LOCK TABLE " + only(tables) + " IN ACCESS SHARE MODE");
    }

    /**
     * Begins what is undone by {@link #lockNext}: where the tables are too many to be locked all
     * the time.
     */
    public static final String SAVEPOINT = "SAVEPOINT chunk";

    /**
     * Locks a few tables as {@link #beginLocked} does, after it has let go of those before: what a
     * subtransaction has locked is free once it is rolled back.
     */
    public static String lockNext(List<TableName> tables) {
        return "ROLLBACK TO SAVEPOINT chunk; LOCK TABLE " + only(tables) + " IN ACCESS SHARE MODE";
    }

    /** The oldest transaction that the snapshot takes for open, and the next one after it. */
    public static final String SNAPSHOT_BOUNDS =
            "SELECT pg_catalog.txid_snapshot_xmin(s.s), pg_catalog.txid_snapshot_xmax(s.s) FROM"
                    + " (SELECT pg_catalog.txid_current_snapshot()) s (s)";

    /** How many locks all sessions of the server can hold at once, at least. */
    public static final String LOCK_ROOM =
            "SELECT pg_catalog.current_setting('max_locks_per_transaction')::pg_catalog.int8 *"
                + " (pg_catalog.current_setting('max_connections')::pg_catalog.int8 +"
                + " pg_catalog.current_setting('max_prepared_transactions')::pg_catalog.int8) AS"
                + " room";

    /**
     * The tables whose file is not the one that the transaction's snapshot shows, as one text; NULL
     * for none. Of such a table the snapshot shows nothing, as TRUNCATE and most ALTER TABLE heed
     * no snapshot ("Caveats" of "Concurrency Control" in the manual). One that was dropped has no
     * file any more; another of its name may stand in its place.
     */
    public static String rewritten(List<Integer> oids) {
        return "SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.relname), ',"
                + " ') FROM "
                + unnested(oids)
                + " JOIN pg_catalog.pg_class c ON c.oid = t.oid JOIN pg_catalog.pg_namespace n ON"
                + " n.oid = c.relnamespace WHERE c.relfilenode IS DISTINCT FROM"
                + " pg_catalog.pg_relation_filenode(t.oid)";
    }

    /**
     * The tables that have not a single page now, as OIDs with blanks between, NULL for none. No
     * snapshot that is still in use sees a row of such a table, unless it was truncated or
     * rewritten since, which {@link #rewritten} tells when it is asked afterwards.
     */
    public static String withoutPages(List<Integer> oids) {
        return "SELECT pg_catalog.string_agg(t.oid::pg_catalog.text, ' ') FROM "
                + unnested(oids)
                + " WHERE pg_catalog.pg_relation_size(t.oid) = 0";
    }

    /** Schema and name of each table of the access method heap; before 12 there is no other. */
    public static String heaps(ServerVersion version) {
        return "SELECT n.nspname AS schema_name, c.relname AS table_name FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + (version.atLeast(12)
                        ? " JOIN pg_catalog.pg_am a ON a.oid = c.relam AND a.amname = 'heap'"
                        : "")
                + " WHERE c.relkind = 'r'";
    }

    private static String unnested(List<Integer> oids) {
        return "pg_catalog.unnest('{"
                + oids.stream().map(Integer::toUnsignedString).collect(Collectors.joining(","))
                + "}'::pg_catalog.oid[]) t (oid)";
    }

    public static String dropPublication(String name) {
        return "DROP PUBLICATION IF EXISTS " + Identifiers.quote(name);
    }

    /**
     * A walsender's command; the slot's snapshot is exported ("Streaming Replication Protocol").
     */
    public static String createSlot(String name, OutputPlugin plugin, ServerVersion version) {
        return createSlot(name, false, plugin, version);
    }

    /** As {@link #createSlot}, gone with its session where the server can do that (10). */
    public static String createTemporarySlot(
            String name, OutputPlugin plugin, ServerVersion version) {
        return createSlot(name, version.atLeast(10), plugin, version);
    }

    private static String createSlot(
            String name, boolean temporary, OutputPlugin plugin, ServerVersion version) {
        return "CREATE_REPLICATION_SLOT "
                + Identifiers.quote(name)
                + (temporary ? " TEMPORARY" : "")
                + " LOGICAL "
                + plugin
                // Before 10 a snapshot is always exported and the word is not known.
                + (version.atLeast(10) ? " EXPORT_SNAPSHOT" : "");
    }
}
