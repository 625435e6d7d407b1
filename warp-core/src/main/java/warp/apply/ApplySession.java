package warp.apply;

import java.util.List;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.postgres.Connector;
import warp.postgres.ServerErrors;
import warp.postgres.wire.Pipeline;
import warp.postgres.wire.ServerError;
import warp.postgres.wire.WireSession;
import warp.progress.Progress;
import warp.sql.ApplyStatements;
import warp.sql.CitusStatements;
import warp.sql.RowStatement;

/**
 * The session that applies changes: transactions that end by moving {@code warp.progress}, answers
 * that come later, and what they prove. For one thread, but for {@link #abort}.
 */
final class ApplySession implements AutoCloseable {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final String slot;
    private final boolean replicaRole;

    /** Whether Citus has spread any of the tables. */
    private final boolean spread;

    private final Progress progress;
    private final WireSession session;
    private final Pipeline pipeline;
    private boolean open;
    private Lsn written = Lsn.NONE;
    private Lsn applied = Lsn.NONE;
    private Lsn durable = Lsn.NONE;
    private boolean settled;

    /**
     * Opens the session and takes over: waits for the session of an applier that died to end, as
     * its last COMMIT may be under way, reads the progress and writes it again, synchronously,
     * since it may stand in memory only.
     */
    ApplySession(Connector destination, ApplyPlan plan, Progress progress) {
        this.slot = plan.slot();
        this.replicaRole = plan.replicaRole();
        this.spread =
                plan.tables().stream().anyMatch(pair -> pair.destination().distribution() != null);
        this.progress = progress;
        this.session = destination.openWire();
        this.pipeline = new Pipeline(session);
        try {
            if (replicaRole) {
                becomeReplica(destination.settings().user());
            }
            session.execute(ApplyStatements.SESSION);
            if (spread) {
                session.execute(CitusStatements.SESSION);
            }
            lock();
            written =
                    session.queryText(ApplyStatements.progressOf(slot))
                            .map(Lsn::parse)
                            .orElseThrow(() -> ApplyErrors.unknownSlot(slot));
            commit(written, 0, true);
            awaitAll();
        } catch (RuntimeException problem) {
            session.abort();
            session.close();
            throw problem;
        }
    }

    private void lock() {
        session.execute(ApplyStatements.LOCK_WAIT);
        try {
            session.execute(ApplyStatements.lock(slot));
        } catch (WarpException problem) {
            throw problem.hasSqlState(LOCK_NOT_AVAILABLE) ? ApplyErrors.inUse(slot) : problem;
        }
        session.execute(ApplyStatements.NO_LOCK_WAIT);
    }

    private void becomeReplica(String role) {
        try {
            session.execute(ApplyStatements.REPLICA_ROLE);
        } catch (WarpException problem) {
            if (problem.code() == ErrorCode.PRIVILEGE) {
                problem.hint(
                        "Run at the destination as its administrator (PostgreSQL 15 and newer; a"
                                + " superuser is needed before): "
                                + ApplyStatements.grantReplicaRole(role)
                                + ";");
            }
            throw problem;
        }
    }

    Pipeline pipeline() {
        return pipeline;
    }

    static Pipeline.Source source(RowStatement statement) {
        return new Pipeline.Source(statement.sql(), statement.parameterOids());
    }

    /** Begins a transaction unless one is open. */
    void begin() {
        if (!open) {
            run(ApplyStatements.BEGIN);
            if (spread && replicaRole) {
                run(CitusStatements.LOCAL_REPLICA_ROLE);
            }
            open = true;
        }
    }

    /**
     * Ends the transaction: progress, then, behind a barrier, COMMIT, so that nothing is committed
     * before every count is checked, the progress' own included. COMMIT goes out with the next
     * transaction's statements or by {@link #awaitAll}.
     *
     * @param end the new progress, not before the old one
     * @param transactions source transactions it holds
     * @param synchronous whether the answer proves that everything up to here is durable
     */
    void commit(Lsn end, int transactions, boolean synchronous) {
        begin();
        Lsn before = written;
        pipeline.bind(
                        pipeline.prepare(
                                ApplyStatements.PROGRESS, () -> source(ApplyStatements.PROGRESS)))
                .parameter(end.toString())
                .parameter(Integer.toString(transactions))
                .parameter(slot)
                .parameter(before.toString())
                .execute(new ProgressMoved(slot, before));
        if (synchronous) {
            run(ApplyStatements.SYNCHRONOUS);
        }
        pipeline.barrier();
        FaultPoint.PROGRESS_COMMITTED.before();
        run(ApplyStatements.COMMIT);
        open = false;
        written = end;
        settled = synchronous;
        pipeline.sync(() -> committed(end, transactions, synchronous));
    }

    private void committed(Lsn end, int transactions, boolean synchronous) {
        FaultPoint.PROGRESS_COMMITTED.after();
        applied = end;
        if (synchronous) {
            durable = end;
        }
        progress.applied(end);
        progress.transactions.add(transactions);
    }

    private void run(String sql) {
        pipeline.bind(pipeline.prepare(sql, () -> new Pipeline.Source(sql, List.of())))
                .execute(new Plain());
    }

    /** The lines of a query's only value, after every answer that is open. */
    List<String> lines(String sql) {
        awaitAll();
        return session.queryText(sql).map(text -> List.of(text.split("\n"))).orElse(List.of());
    }

    /** Waits for every answer; only between transactions. */
    void awaitAll() {
        pipeline.await();
    }

    /**
     * Whether the last transaction is known to be committed; sends its COMMIT where that was not to
     * be sent before. Does not wait.
     */
    boolean isCommitted() {
        if (!applied.equals(written)) {
            pipeline.sendPassed();
        }
        return applied.equals(written);
    }

    /** The progress last written, answered or not. */
    Lsn written() {
        return written;
    }

    /** The progress that has committed. */
    Lsn applied() {
        return applied;
    }

    /** The progress that no crash of the destination can take back. */
    Lsn durable() {
        return durable;
    }

    /** Whether the last commit sent was a synchronous one. */
    boolean settled() {
        return settled;
    }

    /**
     * Cancels what is under way and cuts the connection; what is not committed is undone. From any
     * thread; may take seconds where the server does not answer.
     */
    void abort() {
        session.cancel();
        session.abort();
    }

    @Override
    public void close() {
        session.abort();
        session.close();
    }

    private record ProgressMoved(String slot, Lsn before) implements Pipeline.Expectation {
        @Override
        public void affected(long rows) {
            if (rows != 1) {
                throw ApplyErrors.progressMoved(slot, before);
            }
        }

        @Override
        public RuntimeException failed(ServerError error) {
            return ServerErrors.from(warp.model.Side.DESTINATION, error);
        }
    }

    /** Of a statement whose count is not worth checking. */
    record Plain() implements Pipeline.Expectation {
        @Override
        public void affected(long rows) {
            // It has no count worth checking.
        }

        @Override
        public RuntimeException failed(ServerError error) {
            return ServerErrors.from(warp.model.Side.DESTINATION, error);
        }
    }
}
