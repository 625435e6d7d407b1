package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.OutputPlugin;
import warp.model.ServerVersion;
import warp.model.TableName;

/** Statements that make and drop what a migration needs at the source: publication and slot. */
public final class SourceStatements {

    private SourceStatements() {}

    /** {@code CREATE PUBLICATION … FOR TABLE ONLY …, …}. */
    public static String createPublication(String name, List<TableName> tables) {
        return "CREATE PUBLICATION " + Identifiers.quote(name) + " FOR TABLE " + only(tables);
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
     * The tables whose file is not the one that the transaction's snapshot shows, as one text; NULL
     * for none. Of such a table the snapshot shows nothing, as TRUNCATE and most ALTER TABLE heed
     * no snapshot ("Caveats" of "Concurrency Control" in the manual).
     */
    public static String rewritten(List<Integer> oids) {
        return "SELECT pg_catalog.string_agg(oid::pg_catalog.regclass::pg_catalog.text, ', ')"
                + " FROM pg_catalog.pg_class WHERE relfilenode <>"
                + " pg_catalog.pg_relation_filenode(oid) AND oid IN ("
                + oids.stream().map(Integer::toUnsignedString).collect(Collectors.joining(", "))
                + ")";
    }

    public static String dropPublication(String name) {
        return "DROP PUBLICATION IF EXISTS " + Identifiers.quote(name);
    }

    /**
     * A walsender's command; the slot's snapshot is exported ("Streaming Replication Protocol").
     */
    public static String createSlot(String name, OutputPlugin plugin, ServerVersion version) {
        return "CREATE_REPLICATION_SLOT "
                + Identifiers.quote(name)
                + " LOGICAL "
                + plugin
                // Before 10 a snapshot is always exported and the word is not known.
                + (version.atLeast(10) ? " EXPORT_SNAPSHOT" : "");
    }
}
