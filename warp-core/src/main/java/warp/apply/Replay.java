package warp.apply;

import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import warp.error.FaultPoint;
import warp.model.ChangeEvent;
import warp.model.HeldChange;
import warp.model.Hold;
import warp.model.Relation;
import warp.model.TableName;
import warp.postgres.Connector;
import warp.progress.Progress;

/**
 * Applies the held changes of one table, in order, each in the transaction that takes it out of
 * {@code warp.held}: however it ends, what is not applied is still held. Nobody else applies
 * changes meanwhile: the session keeps the applier's lock.
 *
 * <p>TRUNCATE becomes a DELETE: the other tables it may have reached have gone on since. For one
 * thread.
 */
public final class Replay {

    private static final int TOGETHER = 200;

    private final Connector destination;
    private final ApplyPlan plan;
    private final Progress progress;
    private final BooleanSupplier stop;

    /**
     * @param plan of the table alone; nothing in it is held
     * @param stop asked between transactions
     */
    public Replay(Connector destination, ApplyPlan plan, Progress progress, BooleanSupplier stop) {
        this.destination = destination;
        this.plan = plan;
        this.progress = progress;
        this.stop = stop;
    }

    /**
     * Applies what is held, as far as that goes.
     *
     * @param table as the migration calls it
     * @param after the held changes after a number, the oldest first, as many as are to be applied
     *     together at most; none where there are no more
     * @return why it stays held; null where everything is applied, or it was stopped
     */
    public @Nullable Hold run(TableName table, LongFunction<List<HeldChange>> after) {
        long done = 0;
        int together = TOGETHER;
        long togetherFrom = 0;
        while (true) {
            try (ApplySession session = new ApplySession(destination, plan, progress)) {
                Worker worker = new Worker(session, table);
                while (!stop.getAsBoolean()) {
                    List<HeldChange> next = after.apply(done);
                    if (next.isEmpty()) {
                        return null;
                    }
                    if (done >= togetherFrom) {
                        together = TOGETHER;
                    }
                    Hold misfit = worker.apply(next.subList(0, Math.min(together, next.size())));
                    done = worker.done;
                    if (misfit != null) {
                        return misfit;
                    }
                }
                return null;
            } catch (TableRefused refused) {
                if (together == 1) {
                    return new Hold(
                            table, refused.problem().summary(), refused.problem().hints(), false);
                }
                // Once more, one by one, as far as it goes.
                together = 1;
                togetherFrom = done + TOGETHER;
            }
        }
    }

    /** One session's work. */
    private final class Worker {
        private final ApplySession session;
        private final TableName table;
        private final RowWriter rows;
        private final HeldWriter held;
        private long done;

        Worker(ApplySession session, TableName table) {
            this.session = session;
            this.table = table;
            this.rows =
                    new RowWriter(
                            plan,
                            Set.of(),
                            session.pipeline(),
                            DestinationCatalog.of(session, plan),
                            progress);
            rows.rowByRow(true);
            this.held = new HeldWriter(session, plan.slot(), progress);
        }

        /** Applies changes in one transaction; where one does not fit, those before it. */
        @Nullable Hold apply(List<HeldChange> changes) {
            long last = 0;
            Hold misfit = null;
            for (HeldChange change : changes) {
                TargetRelation target;
                try {
                    target = rows.targetOf(table, relationOf(change.event()));
                } catch (Misfit why) {
                    misfit = new Hold(table, why.reason(), why.statements(), false);
                    break;
                }
                session.begin();
                rows.write(target, change.event(), SourceTransaction.HELD);
                last = change.number();
            }
            if (last > 0) {
                held.takenUp(table, last);
                FaultPoint.HELD_APPLIED.before();
                session.commit(session.written(), 0, false);
                session.awaitAll();
                FaultPoint.HELD_APPLIED.after();
                done = last;
            }
            return misfit;
        }

        private static Relation relationOf(ChangeEvent event) {
            return switch (event) {
                case ChangeEvent.Insert insert -> insert.relation();
                case ChangeEvent.Update update -> update.relation();
                case ChangeEvent.Delete delete -> delete.relation();
                case ChangeEvent.Truncate truncate -> truncate.relations().getFirst();
                case ChangeEvent.Begin begin -> throw new IllegalStateException("" + begin);
                case ChangeEvent.Commit commit -> throw new IllegalStateException("" + commit);
                case ChangeEvent.Message message -> throw new IllegalStateException("" + message);
                case ChangeEvent.KeepAlive alive -> throw new IllegalStateException("" + alive);
            };
        }
    }
}
