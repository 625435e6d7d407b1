package warp.apply;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.TableName;
import warp.postgres.Connector;
import warp.progress.Progress;

/**
 * Applies the change stream to the destination in the source's order, each transaction exactly
 * once.
 *
 * <h2>What is kept true</h2>
 *
 * <p>At every moment: <em>acknowledged ≤ durable ≤ progress</em>.
 *
 * <ul>
 *   <li><em>Progress</em> is the row of {@code warp.progress}. It is moved by the transaction that
 *       holds the changes, so both are there or neither is: whoever starts again from it applies
 *       what is missing and nothing else. A lock held by the session keeps a second applier out
 *       until the first has ended, its last COMMIT included; besides, the UPDATE that moves the
 *       progress names the position it moves from, and where it finds no row nothing is committed.
 *   <li><em>Durable</em> is what no crash of the destination can take back. Commits do not wait for
 *       the disk ({@code synchronous_commit = off}), so most of them are not durable when they are
 *       answered. But WAL is flushed in order: one commit that does wait makes all before it
 *       durable. About once a second, and whenever there is nothing else to do, a commit waits. The
 *       position found at the start counts as durable only after it has been written again by such
 *       a commit, as the process before may have died with it in memory.
 *   <li><em>Acknowledged</em> is what the source has been told; from then on it may drop its WAL.
 *       The caller acknowledges {@link #durable} and nothing above it.
 * </ul>
 *
 * <h2>Batches</h2>
 *
 * <p>Several source transactions become one destination transaction, always whole: it ends only
 * where a source transaction ends. A source transaction larger than the limits is streamed into an
 * open destination transaction; nothing is gathered in memory. Statements are pipelined: answers
 * are read while more is sent. Before COMMIT goes out, the count of every statement has been
 * checked (see {@link warp.postgres.wire.Pipeline#barrier}), so an UPDATE that finds no row rolls
 * everything back to the last commit. The next transaction is put together meanwhile; of the two at
 * most one is uncommitted at the server. A transaction that is complete waits a twentieth of a
 * second for others, or until the last are committed: where changes never cease to come, there is
 * no pause to commit in.
 *
 * <p>Where the caller says that much waits ({@link #backlog}), batches are larger, and not the
 * changes are applied but what they come to: {@link SetMode} tells why that ends the same.
 *
 * <h2>What is skipped</h2>
 *
 * <p>The source is asked to start at the progress and then leaves out every transaction whose
 * commit record starts before it, and so do we, by the same comparison, where {@link
 * ChangeEvent.Begin#finalLsn} tells: a progress is the end of a record, so a commit record that
 * starts before it also ends before or at it. Where the plugin does not tell, a transaction that
 * ends at or before the last one stops the applier, before anything of it is committed.
 *
 * <p>Tables may have been copied later than the slot was made, each at a position of its own
 * ({@link ApplyPlan#copiedAt}). What committed before it is part of the copy, and is skipped by the
 * same comparison, for that table alone.
 *
 * <h2>Held tables</h2>
 *
 * <p>A change that does not fit its table, since either was altered, holds that table: from this
 * very change on its changes are put aside, into {@code warp.held}, by the transaction that moves
 * the progress past them, and all other tables go on. Once the table fits, {@link Replay} applies
 * them. A change that the server refuses because of what the table is like can only be told when
 * the batch is gone: {@link TableRefused} ends the applier, and the next one is told by {@link
 * ApplyPlan#refusals} to hold the table from the beginning of that transaction on. A table that is
 * copied later than the others is held until the stream has passed the copy's consistent point.
 *
 * <h2>An idle source</h2>
 *
 * <p>Keep-alives tell that nothing else is to come up to a position. It becomes the progress every
 * ten seconds at most, so that the slot moves, and never only in memory: a destination restored
 * from a backup then has a progress below what the slot has dropped, and that can be seen.
 *
 * <p>For one thread. Every failure is a {@link warp.error.WarpException}; after one the applier can
 * only be closed, and a new one be started from {@code warp.progress}.
 */
public final class Applier implements AutoCloseable {

    private static final long DURABLE_NANOS = Duration.ofSeconds(1).toNanos();

    /** How long a transaction waits for others to be committed with. */
    private static final long WAITS_NANOS = Duration.ofMillis(50).toNanos();

    private static final long KEEP_ALIVE_NANOS = Duration.ofSeconds(10).toNanos();

    private final BatchLimits limits;
    private final Progress progress;
    private final LongSupplier nanoTime;
    private final Connector destination;
    private final ApplyPlan plan;
    private final SetMode sets;
    private volatile ApplySession session;
    private volatile boolean aborted;
    private ChangeRouter router;

    /** Transactions that commit before it are applied row by row. */
    private Lsn rowByRowUntil = Lsn.NONE;

    /** Those of the plan, and those held since. */
    private final Set<TableName> heldTables;

    private @Nullable SourceTransaction current;
    private boolean skipping;
    private final Lsn startAfter;
    private Lsn end;
    private Lsn keepAlive = Lsn.NONE;
    private int pendingTransactions;

    /** When the first of them had come. */
    private long pendingSince;

    private long pendingStatements;
    private long unflushedStatements;
    private long synchronousAt;
    private long keptAliveAt;

    /**
     * Opens the session at the destination. Waits for up to 30 seconds for an applier that has lost
     * its client to end: then its last commit has happened or never will, and the progress is sure.
     *
     * @throws warp.error.WarpException where it cannot be opened, may not act as a replica, is used
     *     by another Warp or has no progress for the slot
     */
    public Applier(Connector destination, ApplyPlan plan, Progress progress) {
        this(destination, plan, progress, System::nanoTime, SetLimits.USUAL);
    }

    /** With a clock of its own. */
    Applier(Connector destination, ApplyPlan plan, Progress progress, LongSupplier nanoTime) {
        this(destination, plan, progress, nanoTime, SetLimits.USUAL);
    }

    /** With sets of its own size. */
    Applier(
            Connector destination,
            ApplyPlan plan,
            Progress progress,
            LongSupplier nanoTime,
            SetLimits setLimits) {
        this.sets = new SetMode(new InOrder(), setLimits, progress, nanoTime);
        this.destination = destination;
        this.plan = plan;
        this.limits = plan.limits();
        this.progress = progress;
        this.nanoTime = nanoTime;
        this.session = new ApplySession(destination, plan, progress);
        this.end = session.written();
        this.startAfter = end;
        this.heldTables = new HashSet<>(plan.held());
        this.router = new ChangeRouter(session, plan, heldTables, progress, this::written);
        this.synchronousAt = nanoTime.getAsLong();
        this.keptAliveAt = synchronousAt;
    }

    /** Where {@code warp.progress} stood: what the stream has to start at. */
    public Lsn startAfter() {
        return startAfter;
    }

    /**
     * Tells how many bytes of changes wait behind those given to {@link #apply}: enough of them,
     * and what comes next is collected and applied in sets. Never called, never sets.
     */
    public void backlog(long bytes) {
        sets.backlog(bytes);
    }

    /**
     * Whether changes are being collected: worth a moment's wait for more before {@link #idle} is
     * called.
     */
    public boolean isCollecting() {
        return sets.isCollecting();
    }

    /**
     * Takes the next event of the stream. May send, may wait for answers, may commit.
     *
     * @throws warp.error.WarpException also for an earlier event, as answers come later
     * @throws TableRefused as well
     * @throws RunRefused as well
     */
    public void apply(ChangeEvent event) {
        if (!sets.take(event)) {
            applyInOrder(event);
        }
    }

    /** What sets are applied with. */
    private final class InOrder implements SetMode.Ordered {
        @Override
        public void apply(ChangeEvent event) {
            applyInOrder(event);
        }

        @Override
        public Lsn end() {
            return end;
        }

        @Override
        public SetTables tables() {
            return router.setTables();
        }

        @Override
        public void send(ChangeSet set) {
            if (pendingTransactions > 0) {
                commitBatch(isDue(synchronousAt, DURABLE_NANOS));
            }
            session.begin();
            SetWriter writer = new SetWriter(session.pipeline());
            set.changes().forEach(writer::write);
            end = set.end();
            pendingTransactions = set.transactions();
            commitBatch(isDue(synchronousAt, DURABLE_NANOS));
        }

        @Override
        public void awaitAnswers() {
            session.awaitAll();
        }

        @Override
        public Lsn committed() {
            return session.applied();
        }

        @Override
        public void startOver(Lsn start, Lsn rowByRow) {
            reopen();
            end = session.written();
            if (!end.equals(start)) {
                throw ApplyErrors.progressMoved(plan.slot(), start);
            }
            // What was refused together may be so again.
            rowByRowUntil = rowByRow;
        }
    }

    /** A new session in the place of one that failed. */
    private void reopen() {
        session.close();
        session = new ApplySession(destination, plan, progress);
        if (aborted) {
            session.abort();
        }
        router = new ChangeRouter(session, plan, heldTables, progress, this::written);
        pendingTransactions = 0;
        pendingStatements = 0;
        unflushedStatements = 0;
        synchronousAt = nanoTime.getAsLong();
    }

    /**
     * Whether a table has been held since the start, and everything so far is committed: a good
     * moment to begin anew. Commits what is complete where a table has been held.
     */
    public boolean hasHeld() {
        boolean holdsMore = heldTables.size() > plan.held().size();
        if (holdsMore && current == null) {
            settle();
        }
        return holdsMore && current == null;
    }

    /** For tests: sets that have been committed. */
    long setsApplied() {
        return sets.applied();
    }

    /** For tests: sets whose transactions had to be applied in order. */
    long setsRefused() {
        return sets.refused();
    }

    /** For tests: rows updated or deleted together with others since the session began. */
    long sentTogether() {
        return router.sentTogether();
    }

    private void applyInOrder(ChangeEvent event) {
        switch (event) {
            case ChangeEvent.Begin begin -> begin(begin);
            case ChangeEvent.Commit commit -> commit(commit);
            case ChangeEvent.Insert insert -> change(insert.relation(), insert);
            case ChangeEvent.Update update -> change(update.relation(), update);
            case ChangeEvent.Delete delete -> change(delete.relation(), delete);
            case ChangeEvent.Truncate truncate -> {
                SourceTransaction transaction = transaction();
                if (!skipping) {
                    router.truncate(truncate, transaction);
                }
            }
            case ChangeEvent.KeepAlive alive -> keepAlive = keepAlive.max(alive.walEnd());
            case ChangeEvent.Message _ -> {
                // Nobody's row.
            }
        }
    }

    private void begin(ChangeEvent.Begin begin) {
        current = new SourceTransaction(begin.transactionId(), begin.finalLsn());
        Lsn commit = begin.finalLsn();
        skipping = !commit.isNone() && commit.isBefore(end);
        router.begin(begin, !commit.isNone() && commit.isBefore(rowByRowUntil));
        if (!skipping) {
            router.holdRefused(begin.transactionId());
        }
    }

    private void commit(ChangeEvent.Commit commit) {
        transaction().endedAt(commit.endLsn());
        current = null;
        if (skipping) {
            return;
        }
        if (!commit.endLsn().isAfter(end)) {
            throw ApplyErrors.outOfOrder(commit.endLsn(), end);
        }
        end = commit.endLsn();
        router.ended(end);
        if (pendingTransactions == 0) {
            pendingSince = nanoTime.getAsLong();
        }
        pendingTransactions++;
        if (pendingTransactions >= limits.transactionsMax()
                || pendingStatements >= limits.statementsMax()
                || hasWaitedEnough()) {
            commitBatch(isDue(synchronousAt, DURABLE_NANOS));
        }
    }

    /** The farther the destination, the more go together: not before the last are committed. */
    private boolean hasWaitedEnough() {
        return isDue(pendingSince, WAITS_NANOS) && session.isCommitted();
    }

    private SourceTransaction transaction() {
        if (current == null) {
            throw new IllegalStateException("an event outside of a transaction");
        }
        return current;
    }

    private void change(Relation relation, ChangeEvent change) {
        SourceTransaction transaction = transaction();
        if (!skipping) {
            router.change(relation, change, transaction);
        }
    }

    private void written() {
        pendingStatements++;
        unflushedStatements++;
        if (unflushedStatements >= limits.statementsMax()) {
            unflushedStatements = 0;
            session.pipeline().flush();
        }
    }

    private void commitBatch(boolean synchronous) {
        session.commit(end, pendingTransactions, synchronous);
        pendingTransactions = 0;
        pendingStatements = 0;
        unflushedStatements = 0;
        if (synchronous) {
            synchronousAt = nanoTime.getAsLong();
        }
    }

    /**
     * To be called when nothing more is at hand: commits what is pending and makes it durable, and
     * writes the position of the last keep-alive from time to time. Waits for the answers, unless a
     * transaction of the source is still coming in. Cheap where there is nothing to do.
     */
    public void idle() {
        sets.finish();
        if (current != null) {
            // Rows that wait for more of their kind cannot be committed before these come.
            session.pipeline().flushBegun();
            return;
        }
        if (hasWork()) {
            commitBatch(true);
        } else if (keepAlive.isAfter(end) && isDue(keptAliveAt, KEEP_ALIVE_NANOS)) {
            settle();
        }
        session.awaitAll();
        progress.applied(applied());
    }

    /** Empty transactions alone wait a second: before 15 a source sends one for all it does. */
    private boolean hasWork() {
        return pendingStatements > 0
                || !session.settled()
                || (pendingTransactions > 0 && isDue(synchronousAt, DURABLE_NANOS));
    }

    /**
     * Commits everything that is complete, the last keep-alive's position included, and waits until
     * it is durable. A transaction of the source that has not come to its end stays open.
     */
    public void settle() {
        sets.finish();
        if (current != null) {
            return;
        }
        end = end.max(keepAlive);
        if (pendingTransactions > 0 || !session.settled() || end.isAfter(session.written())) {
            commitBatch(true);
            keptAliveAt = nanoTime.getAsLong();
        }
        session.awaitAll();
    }

    private boolean isDue(long since, long nanos) {
        return nanoTime.getAsLong() - since >= nanos;
    }

    /**
     * Everything up to here is applied and visible at the destination. Above {@link #durable} by
     * what has not been flushed yet, and by keep-alives.
     */
    public Lsn applied() {
        boolean nothingPending = current == null && pendingTransactions == 0 && sets.isDone();
        return nothingPending && session.applied().equals(session.written())
                ? session.applied().max(keepAlive)
                : session.applied();
    }

    /** Everything up to here is durable at the destination: what may be acknowledged. */
    public Lsn durable() {
        return session.durable();
    }

    /**
     * Cancels what is under way and cuts the connection; what is not committed is undone. From any
     * thread; may take seconds where the server does not answer.
     */
    public void abort() {
        aborted = true;
        session.abort();
    }

    /** Ends the session; what is not committed is undone. */
    @Override
    public void close() {
        session.close();
    }
}
