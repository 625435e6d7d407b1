package warp.apply;

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
 * is under way while the next is collected, but nothing is sent behind it before its COMMIT is
 * answered.
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

        /** Goes on in a new session, where the set began. */
        void startOver(ChangeSet set);
    }

    private final Ordered ordered;
    private final SetLimits limits;
    private final SetPolicy policy;
    private final Progress progress;
    private @Nullable SetTables tables;
    private @Nullable ChangeSet collected;
    private @Nullable ChangeSet underWay;
    private long applied;
    private long refused;

    SetMode(Ordered ordered, SetLimits limits, Progress progress) {
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
        return collected == null && underWay == null;
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
        }
        ChangeSet set = collected;
        if (set == null) {
            awaitUnderWay();
            return false;
        }
        switch (set.take(event)) {
            case TAKEN -> {
                // Kept.
            }
            case FULL -> {
                collected = null;
                apply(set);
            }
            case ODD -> {
                if (!set.isWorthIt()) {
                    policy.failed();
                }
                applyCollected();
            }
        }
        return true;
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
        awaitUnderWay();
        if (!set.isWorthIt()) {
            set.events().forEach(ordered::apply);
            return;
        }
        underWay = set;
        try {
            ordered.send(set);
        } catch (SetRefused problem) {
            applyRefused(set);
        }
    }

    /** Before anything else is sent, it is certain what became of the set under way. */
    private void awaitUnderWay() {
        ChangeSet set = underWay;
        if (set == null) {
            return;
        }
        try {
            ordered.awaitAnswers();
        } catch (SetRefused problem) {
            applyRefused(set);
            return;
        }
        underWay = null;
        applied++;
        policy.succeeded();
        progress.inserts.add(set.inserts());
        progress.updates.add(set.updates());
        progress.deletes.add(set.deletes());
    }

    /** Nothing of it is committed: COMMIT is sent after the last count has been checked. */
    private void applyRefused(ChangeSet set) {
        underWay = null;
        tables = null;
        refused++;
        policy.failed();
        ordered.startOver(set);
        set.events().forEach(ordered::apply);
    }
}
