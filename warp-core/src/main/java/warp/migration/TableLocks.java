package warp.migration;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.SnapshotPoint;
import warp.model.Table;
import warp.model.TableName;
import warp.postgres.Connector;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Session;
import warp.postgres.wire.WireSession;
import warp.progress.StopSignal;
import warp.sql.SourceStatements;

/**
 * Keeps the source's tables from being truncated, rewritten or dropped while they are copied, as
 * pg_dump does: neither TRUNCATE nor a rewriting ALTER TABLE heeds snapshots, so a table emptied in
 * the middle of its copy would lack rows that changes made before still count on ("Caveats" of
 * "Concurrency Control" in the manual). ACCESS SHARE stands in the way of nothing else: reads,
 * writes and vacuum go on.
 *
 * <p>The locks come after the slot: making it waits for every open transaction, also for one that
 * would wait for the locks. What was truncated between the two is found and refused.
 *
 * <p>Who holds them must not wait for whoever waits for them: an ALTER TABLE of the source's
 * application would never end, nor would what is asked of the catalog behind it, nor anything else
 * that wants the table. So the session that goes on reading meanwhile waits for no lock longer than
 * a second, as those that copy do; then all is let go.
 *
 * <p>A server has room for so many locks and no more, all sessions together. So no more than a
 * quarter of it is taken, for the largest tables, which take longest to copy. The others are locked
 * while they are copied, and one that was truncated before that is found then ({@code
 * copy.CopySessions}): the copy starts again, and the source's application has not had to wait.
 */
final class TableLocks implements AutoCloseable {

    private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(1);

    /** The part of the server's locks that may be held: one in so many. */
    private static final int SHARE_OF_ROOM = 4;

    private final WireSession session;
    private final Session reader;
    private final ExportedSnapshot snapshot;

    private TableLocks(WireSession session, Session reader, ExportedSnapshot snapshot) {
        this.session = session;
        this.reader = reader;
        this.snapshot = snapshot;
    }

    /**
     * Takes them.
     *
     * @param reader what is read of the source until they are closed; TRANSIENT where that would
     *     have to wait
     * @throws WarpException TRANSIENT where somebody holds a table for himself, or a table is not
     *     what the snapshot shows any more: another snapshot is needed
     */
    static TableLocks take(
            Connector source,
            Session reader,
            ExportedSnapshot snapshot,
            List<Table> tables,
            StopSignal stop) {
        return take(source.openWire(), reader, snapshot, tables, stop);
    }

    /**
     * As above.
     *
     * @param session to the source, for the locks alone; closed with them, and where they are not
     *     given
     */
    static TableLocks take(
            WireSession session,
            Session reader,
            ExportedSnapshot snapshot,
            List<Table> tables,
            StopSignal stop) {
        Runnable cut =
                () -> {
                    session.cancel();
                    session.abort();
                };
        try (CutAtStop _ = new CutAtStop(stop, STOPS_BY_ITSELF, cut)) {
            ExportedSnapshot.show(session, snapshot.name(), held(session, tables));
            requireUntouched(session, tables.stream().map(Table::oid).toList());
            reader.run(SourceStatements.SHORT_WAITS);
            return new TableLocks(session, reader, snapshot);
        } catch (RuntimeException problem) {
            session.close();
            throw problem;
        }
    }

    private static List<TableName> held(WireSession session, List<Table> tables) {
        long room = Long.parseLong(session.queryText(SourceStatements.LOCK_ROOM).orElseThrow());
        return tables.stream()
                .sorted(Comparator.comparingLong(Table::bytes).reversed())
                .limit(room / SHARE_OF_ROOM)
                .map(Table::name)
                .toList();
    }

    /**
     * Sees that tables have the files that the snapshot shows.
     *
     * @param session sees the snapshot
     * @throws WarpException TRANSIENT where one was truncated or rewritten since: another snapshot
     *     is needed
     */
    static void requireUntouched(WireSession session, List<Integer> oids) {
        if (oids.isEmpty()) {
            return;
        }
        Optional<String> rewritten = session.queryText(SourceStatements.rewritten(oids));
        if (rewritten.isPresent()) {
            throw new WarpException(
                            ErrorCode.TRANSIENT,
                            "truncated or rewritten since the snapshot: " + rewritten.get())
                    .at(Side.SOURCE);
        }
    }

    /** What the tables are read as of. */
    ExportedSnapshot snapshot() {
        return snapshot;
    }

    /** Where the snapshot stands. Until the locks are given back. */
    SnapshotPoint point() {
        return snapshot.point(session);
    }

    /**
     * Sees the source as of the snapshot, and waits for no lock longer than a second. Until the
     * locks are given back, for the thread that has taken them.
     */
    WireSession view() {
        return session;
    }

    /** Gives them back before the end. From any thread. */
    void letGo() {
        session.close();
    }

    @Override
    public void close() {
        letGo();
        try {
            reader.run(SourceStatements.LONG_WAITS);
        } catch (WarpException gone) {
            // A session that is gone waits for nothing.
        }
    }
}
