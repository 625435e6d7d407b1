package warp.postgres;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.ServerVersion;
import warp.model.Side;
import warp.model.SnapshotPoint;
import warp.model.TableName;
import warp.postgres.wire.WireSession;
import warp.sql.SourceStatements;

/**
 * A new logical slot with the snapshot it exports: what the snapshot shows is exactly what had
 * committed before {@link #consistentPoint}, and the slot sends exactly what commits after it
 * ("Logical Decoding Concepts", Exported Snapshots). The snapshot can be imported as long as this
 * is open; closing it lets the source vacuum again.
 */
public final class ExportedSnapshot implements AutoCloseable {

    /** What SET TRANSACTION SNAPSHOT gives for a snapshot that is gone, by version. */
    private static final Set<String> GONE = Set.of("22023", "42704", "55000");

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

    /**
     * Begins a transaction that sees a snapshot and holds these tables.
     *
     * @throws WarpException TRANSIENT where the snapshot is gone, as the session that keeps it has
     *     ended: another one is needed
     */
    public static void show(WireSession reader, String snapshot, List<TableName> locked) {
        try {
            reader.execute(SourceStatements.beginLocked(snapshot, locked));
        } catch (WarpException problem) {
            throw isLoss(problem) ? gone(snapshot, problem) : problem;
        }
    }

    /** The error for a snapshot that is gone. */
    public static WarpException gone(String snapshot, WarpException problem) {
        return new WarpException(
                        ErrorCode.TRANSIENT,
                        "the snapshot %s is gone: %s".formatted(snapshot, problem.getMessage()),
                        problem)
                .at(Side.SOURCE)
                .sqlState(problem.sqlState().orElse(null));
    }

    /** Whether a statement failed as the snapshot that it names is gone. */
    public static boolean isLoss(WarpException problem) {
        return problem.side().filter(Side.SOURCE::equals).isPresent()
                && problem.sqlState().filter(GONE::contains).isPresent();
    }

    /**
     * Where it stands.
     *
     * @param reader sees it: see {@link #show}
     */
    public SnapshotPoint point(WireSession reader) {
        List<@Nullable String> bounds = reader.queryRow(SourceStatements.SNAPSHOT_BOUNDS);
        long oldest = Long.parseLong(String.valueOf(bounds.get(0)));
        long next = Long.parseLong(String.valueOf(bounds.get(1)));
        // The xmax of a slot's snapshot follows the last commit: where everything later was
        // rolled back, or wrote nothing, it lies below xmin.
        return new SnapshotPoint(consistentPoint, oldest, Math.max(oldest, next));
    }

    /**
     * Why something failed that needed the snapshot: where it is gone, with the session or the
     * server that had it, that is the reason, whatever a statement says, and another one helps.
     */
    public WarpException reason(WarpException problem, Connector source) {
        boolean here = problem.side().filter(side -> side == source.side()).isPresent();
        if (!here || problem.code().retry() == ErrorCode.Retry.LATER || isThere(source)) {
            return problem;
        }
        return gone(name, problem);
    }

    /** Where that cannot be found out, the server is what is gone. */
    private boolean isThere(Connector source) {
        try (WireSession session = source.openWire()) {
            session.execute(SourceStatements.beginLocked(name, List.of()));
            return true;
        } catch (WarpException refused) {
            return false;
        }
    }

    /** Ends it before its time: nobody needs to import it any more. */
    public void letGo() {
        session.close();
    }

    @Override
    public void close() {
        letGo();
    }
}
