package warp.apply;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.progress.Progress;

/**
 * Applies a backlog set by set: collects whole transactions, and applies at once what they come to
 * for each row.
 *
 * <h2>Why this ends the same</h2>
 *
 * <p>After the last of a run of transactions a row is as its last change left it, whatever it was
 * in between. So it is enough to know for each row whether it was there before the first and how it
 * is after the last. Rows are told apart by the bytes of their keys, and only where equal values
 * print alike; what a table without a key receives can only be inserted. Nobody sees the
 * destination in between, and progress moves in the same transaction, so a set is there as a whole
 * or not at all, as any batch is.
 *
 * <p>Every statement must affect as many rows as were sent. Where one does not, or is refused,
 * which may be for an order of rows that the source did not need (two rows exchange a unique
 * value), nothing is committed: the session is thrown away with its transaction, and a new one
 * applies the very same transactions in order. If something is wrong with a row, it is found there,
 * with its transaction. Until a set is committed, its events are kept.
 *
 * <h2>Order</h2>
 *
 * <p>What cannot be part of a set cuts it: first the set, then the odd transaction in order. A set
 * is under way while the next is collected and put into the server's language, and goes out with
 * the COMMIT of the one before it: so the server need not wait for us between two. As of any
 * batches, at most one of two is uncommitted at the server when both have been sent; where the
 * first is refused after all, the second has not been committed either, and both are applied in
 * order.
 *
 * <p>For one thread.
 */
final class SetMode {

    /** The applier, which applies events one by one and owns the session. */
    interface Ordered {
        void apply(ChangeEvent event);

        /** The end of the last transaction handed over. */
        Lsn end();

        /** Tables as the session knows them; asks the destination. */
        SetTables tables();

        /** Commits what is complete, then sends a set and its progress as one transaction. */
        void send(ChangeSet set);

        /** Sends what waits, the COMMIT included, and waits for every answer. */
        void awaitAnswers();

        /** The end of the last transaction that is known to be committed. */
        Lsn committed();

        /**
         * Goes on in a new session.
         *
         * @param start where the destination must stand
         * @param rowByRowUntil what commits before it is applied row by row
         */
        void startOver(Lsn start, Lsn rowByRowUntil);
    }

    /** How long a set is collected at most for a source that is nearly caught up with. */
    private static final long WAITS_NANOS = Duration.ofMillis(200).toNanos();

    private final Ordered ordered;
    private final SetLimits limits;
    private final SetPolicy policy;
    private final Progress progress;
    private final LongSupplier nanoTime;
    private @Nullable SetTables tables;
    private @Nullable ChangeSet collected;

    /** Since when. */
    private long collectedSince;

    /** Sent, and not known to be committed: the last, and while it is sent the one before. */
    private final Queue<ChangeSet> underWay = new ArrayDeque<>();

    private long applied;
    private long refused;

    SetMode(Ordered ordered, SetLimits limits, Progress progress, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.ordered = ordered;
        this.limits = limits;
        this.policy = new SetPolicy(limits.pause());
        this.progress = progress;
    }

    /** How many bytes of changes wait. */
    void backlog(long bytes) {
        policy.backlog(bytes);
    }

    boolean isCollecting() {
        return collected != null;
    }

    /** Whether everything taken is committed or has been handed over. */
    boolean isDone() {
        return collected == null && underWay.isEmpty();
    }

    /** Sets that have been committed. */
    long applied() {
        return applied;
    }

    /** Sets whose transactions had to be applied in order. */
    long refused() {
        return refused;
    }

    /** Whether the event has been taken; if not, it is to be applied in order. */
    boolean take(ChangeEvent event) {
        if (event instanceof ChangeEvent.KeepAlive) {
            return false;
        }
        if (collected == null && event instanceof ChangeEvent.Begin && policy.collects()) {
            SetTables known = tables();
            collected = new ChangeSet(known, limits, ordered.end());
            collectedSince = nanoTime.getAsLong();
        }
        ChangeSet set = collected;
        if (set == null) {
            awaitUnderWay();
            return false;
        }
        switch (set.take(event)) {
            case TAKEN -> {
                if (event instanceof ChangeEvent.Commit && hasWaitedEnough()) {
                    applyCollected();
                }
            }
            case FULL -> applyCollected();
            case ODD -> {
                if (!set.isWorthIt()) {
                    policy.failed();
                }
                applyCollected();
            }
        }
        return true;
    }

    /** Not far behind any more, what is collected need not wait for a source that never ceases. */
    private boolean hasWaitedEnough() {
        return !policy.isFarBehind() && nanoTime.getAsLong() - collectedSince >= WAITS_NANOS;
    }

    private SetTables tables() {
        SetTables known = tables;
        if (known == null) {
            awaitUnderWay();
            known = ordered.tables();
            tables = known;
        }
        return known;
    }

    /** Applies what is collected; what has come of another transaction is handed over. */
    void finish() {
        applyCollected();
        awaitUnderWay();
    }

    private void applyCollected() {
        ChangeSet set = collected;
        collected = null;
        if (set == null) {
            return;
        }
        apply(set);
        if (!set.underWay().isEmpty()) {
            awaitUnderWay();
            set.underWay().forEach(ordered::apply);
        }
    }

    private void apply(ChangeSet set) {
        if (!set.isWorthIt()) {
            awaitUnderWay();
            set.events().forEach(ordered::apply);
            return;
        }
        underWay.add(set);
        try {
            ordered.send(set);
            noteCommitted();
        } catch (SetRefused problem) {
            applyRefused();
        }
    }

    /** Before anything of another kind is sent, it is certain what became of the sets under way. */
    private void awaitUnderWay() {
        if (underWay.isEmpty()) {
            return;
        }
        try {
            ordered.awaitAnswers();
            noteCommitted();
        } catch (SetRefused problem) {
            applyRefused();
        }
    }

    private void noteCommitted() {
        ChangeSet first = underWay.peek();
        while (first != null && !first.end().isAfter(ordered.committed())) {
            underWay.remove();
            applied++;
            policy.succeeded();
            progress.inserts.add(first.inserts());
            progress.updates.add(first.updates());
            progress.deletes.add(first.deletes());
            first = underWay.peek();
        }
    }

    /**
     * Answers come in order, so it is the first of those left that was refused. Nothing of it is
     * committed: COMMIT is sent after the last count has been checked; and nothing behind it.
     */
    private void applyRefused() {
        noteCommitted();
        List<ChangeSet> left = List.copyOf(underWay);
        underWay.clear();
        tables = null;
        refused++;
        policy.failed();
        ordered.startOver(left.getFirst().start(), left.getLast().end());
        for (ChangeSet set : left) {
            set.events().forEach(ordered::apply);
        }
    }
}
