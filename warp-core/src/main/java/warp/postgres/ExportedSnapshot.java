package warp.postgres;

import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.ServerVersion;
import warp.postgres.wire.WireSession;
import warp.sql.SourceStatements;

/**
 * A new logical slot with the snapshot it exports: what the snapshot shows is exactly what had
 * committed before {@link #consistentPoint}, and the slot sends exactly what commits after it
 * ("Logical Decoding Concepts", Exported Snapshots). The snapshot can be imported as long as this
 * is open; closing it lets the source vacuum again.
 */
public final class ExportedSnapshot implements AutoCloseable {

    private final WireSession session;
    private final String name;
    private final Lsn consistentPoint;

    private ExportedSnapshot(WireSession session, String name, Lsn consistentPoint) {
        this.session = session;
        this.name = name;
        this.consistentPoint = consistentPoint;
    }

    /**
     * Creates the slot. Waits for the transactions that are open at the source.
     *
     * @param session opened for replication; owned by the snapshot from now on
     */
    public static ExportedSnapshot create(
            WireSession session, String slot, OutputPlugin plugin, ServerVersion version) {
        return from(session, slot, SourceStatements.createSlot(slot, plugin, version));
    }

    /**
     * As {@link #create}, by a slot that is only for the snapshot: it ends with the session from 10
     * on, and has to be dropped before.
     */
    public static ExportedSnapshot createTemporary(
            WireSession session, String slot, OutputPlugin plugin, ServerVersion version) {
        return from(session, slot, SourceStatements.createTemporarySlot(slot, plugin, version));
    }

    private static ExportedSnapshot from(WireSession session, String slot, String command) {
        List<@Nullable String> row = session.queryRow(command);
        String point = row.get(1);
        String snapshot = row.get(2);
        if (point == null || snapshot == null) {
            throw new IllegalStateException("the server exported no snapshot for slot " + slot);
        }
        return new ExportedSnapshot(session, snapshot, Lsn.parse(point));
    }

    /** For {@code SET TRANSACTION SNAPSHOT}. */
    public String name() {
        return name;
    }

    public Lsn consistentPoint() {
        return consistentPoint;
    }

    @Override
    public void close() {
        session.close();
    }
}
