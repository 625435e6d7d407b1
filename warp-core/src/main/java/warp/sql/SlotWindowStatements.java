package warp.sql;

import java.util.List;
import warp.model.Lsn;

/**
 * A slot of {@code pgoutput} read by functions instead of a walsender ("Replication Management
 * Functions" in the manual), through a temporary copy of it. From 12 on.
 */
public final class SlotWindowStatements {

    private static final String CURSOR = "warp_window";

    /** The first that has them. */
    private static final String PROTOCOL_OF_PIECES = "2";

    private SlotWindowStatements() {}

    /** Room for what a window gives; what does not fit goes to a temporary file of the server. */
    public static String memory() {
        return "SET work_mem = '32MB'";
    }

    /** One row: how long the log is, and whether the server can send transactions in pieces. */
    public static String end() {
        return "SELECT pg_catalog.pg_current_wal_flush_lsn(),"
                + " pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 140000";
    }

    /** Makes a temporary copy; gives the position that it begins at. */
    public static String copy(String slot, String copy) {
        return "SELECT lsn FROM pg_catalog.pg_copy_logical_replication_slot("
                + Identifiers.literal(slot)
                + ", "
                + Identifiers.literal(copy)
                + ", true)";
    }

    /** Lets go of the log up to a position, which is not before what the slot knows. */
    public static String advance(String slot, Lsn to) {
        return "SELECT end_lsn FROM pg_catalog.pg_replication_slot_advance("
                + Identifiers.literal(slot)
                + ", "
                + Identifiers.literal(to.toString())
                + ")";
    }

    /** One row: what has been read of a slot, from where it is decoded, how long the log is. */
    public static String reach(String slot) {
        return "SELECT confirmed_flush_lsn, restart_lsn, pg_catalog.pg_current_wal_flush_lsn() FROM"
                + " pg_catalog.pg_replication_slots WHERE slot_name = "
                + Identifiers.literal(slot);
    }

    /**
     * Reads all transactions that are still to be read and whose commit begins before a position,
     * into a cursor of rows {@code (lsn, data)}. It outlives its transaction, so that no snapshot
     * is held while rows are fetched.
     *
     * @param inPieces whether large transactions come in pieces, before they commit
     */
    public static String openWindow(
            String slot, Lsn upTo, List<String> publications, boolean inPieces) {
        String protocol = inPieces ? PROTOCOL_OF_PIECES : ReplicationStatements.PROTOCOL;
        return "DECLARE "
                + CURSOR
                + " BINARY NO SCROLL CURSOR WITH HOLD FOR SELECT lsn, data FROM"
                + " pg_catalog.pg_logical_slot_get_binary_changes("
                + Identifiers.literal(slot)
                + ", "
                + Identifiers.literal(upTo.toString())
                + ", NULL, 'proto_version', "
                + Identifiers.literal(protocol)
                + ", 'publication_names', "
                + Identifiers.literal(ReplicationStatements.names(publications))
                + (inPieces ? ", 'streaming', 'on'" : "")
                + ")";
    }

    /** The next rows, as many as are left at most. */
    public static String fetch(int rows) {
        return "FETCH FORWARD " + rows + " FROM " + CURSOR;
    }

    /** Forgets what was read. */
    public static String closeWindow() {
        return "CLOSE " + CURSOR;
    }
}
