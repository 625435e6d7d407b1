package warp.migration;

import java.time.Duration;
import java.util.List;
import warp.model.TableName;
import warp.postgres.Connector;
import warp.postgres.wire.WireSession;
import warp.progress.StopSignal;
import warp.sql.SourceStatements;

/**
 * Keeps the source's tables from being truncated, rewritten or dropped while they are copied, as
 * pg_dump does: neither TRUNCATE nor a rewriting ALTER TABLE heeds snapshots, so a table emptied in
 * the middle of its copy would lack rows that changes made before still count on ("Caveats" of
 * "Concurrency Control" in the manual). ACCESS SHARE stands in the way of nothing else: reads,
 * writes and vacuum go on.
 */
final class TableLocks implements AutoCloseable {

    private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(1);

    private final WireSession session;

    private TableLocks(WireSession session) {
        this.session = session;
    }

    /** Takes them; waits for a statement that has one of the tables for itself. */
    static TableLocks take(Connector source, List<TableName> tables, StopSignal stop) {
        WireSession session = source.openWire();
        Runnable cut =
                () -> {
                    session.cancel();
                    session.abort();
                };
        try (CutAtStop _ = new CutAtStop(stop, STOPS_BY_ITSELF, cut)) {
            session.execute("BEGIN READ ONLY");
            if (!tables.isEmpty()) {
                session.execute(SourceStatements.lockAgainstRewrites(tables));
            }
            return new TableLocks(session);
        } catch (RuntimeException problem) {
            session.close();
            throw problem;
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
