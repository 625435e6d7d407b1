package warp.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Hold;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.TableName;
import warp.progress.Progress;

/**
 * Sends each change of a transaction where it belongs: to its table, or aside, into {@code
 * warp.held}, where the table is held, or nowhere, where it is part of the table's copy already.
 *
 * <p>A change that does not fit its table holds that table from this very change on. What is put
 * aside is written by the transaction that moves the progress past it, so no change is in both
 * places, and none in neither.
 *
 * <p>For one session and one thread.
 */
final class ChangeRouter {

    private final ApplySession session;
    private final ApplyPlan plan;
    private final Set<TableName> heldTables;
    private final Progress progress;
    private final DestinationCatalog catalog;
    private final RowWriter rows;
    private final Runnable written;
    private @Nullable HeldWriter held;

    /** Where the transaction under way commits; NONE where the plugin does not tell. */
    private Lsn commit = Lsn.NONE;

    /**
     * @param heldTables tables whose changes are put aside; those that are held from now on are
     *     added
     * @param written told of each statement
     */
    ChangeRouter(
            ApplySession session,
            ApplyPlan plan,
            Set<TableName> heldTables,
            Progress progress,
            Runnable written) {
        this.session = session;
        this.plan = plan;
        this.heldTables = heldTables;
        this.progress = progress;
        this.catalog = DestinationCatalog.of(session, plan);
        this.rows = new RowWriter(plan, heldTables, session.pipeline(), catalog, progress);
        this.written = written;
    }

    /** Tables as the session knows them, for sets. */
    SetTables setTables() {
        return new SetTables(rows, catalog);
    }

    /** Rows that were updated or deleted together with others. */
    long sentTogether() {
        return rows.sentTogether();
    }

    /**
     * A transaction begins whose changes follow.
     *
     * @param rowByRow whether each of its rows is changed by a statement of its own
     */
    void begin(ChangeEvent.Begin begin, boolean rowByRow) {
        commit = begin.finalLsn();
        rows.rowByRow(rowByRow || plan.rowByRow().contains(begin.transactionId()));
    }

    /** Holds the tables that an earlier attempt at a transaction was refused for. */
    void holdRefused(int transactionId) {
        for (ApplyPlan.Refusal refusal : plan.refusals()) {
            if (refusal.transactionId() == transactionId) {
                Hold why = refusal.hold();
                hold(why.table(), new Misfit(why.reason(), why.statements()));
            }
        }
    }

    /** The transaction has ended there. */
    void ended(Lsn end) {
        if (held != null) {
            held.ended(end);
        }
    }

    /** Writes a change of a row, or what one TRUNCATE means for a table that is held. */
    void change(Relation relation, ChangeEvent change, SourceTransaction transaction) {
        if (rows.isCopied(relation, commit)) {
            return;
        }
        switch (rows.route(relation)) {
            case Route.Live live -> {
                session.begin();
                try {
                    rows.write(live.target(), change, transaction);
                    written.run();
                } catch (Misfit why) {
                    hold(live.target().table(), why);
                    putAside(live.target().table(), relation, change);
                }
            }
            case Route.Held is -> putAside(is.table(), relation, change);
            case Route.Misfitting misfit -> {
                hold(misfit.table(), misfit.why());
                putAside(misfit.table(), relation, change);
            }
            case Route.Skipped _ -> {
                // Not part of the migration.
            }
        }
    }

    /** From now on the changes of a table are put aside. */
    private void hold(TableName table, Misfit why) {
        if (heldTables.add(table)) {
            heldWriter().place(table, why);
            written.run();
            rows.forgetRoutes();
        }
    }

    private void putAside(TableName table, Relation relation, ChangeEvent change) {
        heldWriter().add(table, relation, change, commit);
        written.run();
    }

    /** Made when it is needed, which is rare: its first numbers are a question to the server. */
    private HeldWriter heldWriter() {
        HeldWriter writer = held;
        if (writer == null) {
            writer = new HeldWriter(session, plan.slot(), progress);
            held = writer;
        }
        return writer;
    }

    /**
     * Tables truncated together stay together, unless one of them is held, or was copied later:
     * what CASCADE would reach then is not to be touched.
     */
    void truncate(ChangeEvent.Truncate truncate, SourceTransaction transaction) {
        List<TargetRelation> live = new ArrayList<>();
        boolean apart = false;
        for (Relation relation : truncate.relations()) {
            if (rows.isCopied(relation, commit)) {
                apart = true;
                continue;
            }
            switch (rows.route(relation)) {
                case Route.Live route -> live.add(route.target());
                case Route.Held _, Route.Misfitting _ -> {
                    apart = true;
                    change(relation, alone(truncate, relation), transaction);
                }
                case Route.Skipped _ -> {
                    // Not part of the migration.
                }
            }
        }
        if (live.isEmpty()) {
            return;
        }
        session.begin();
        if (apart) {
            live.forEach(target -> rows.empty(target, transaction));
        } else {
            rows.truncate(live, truncate, transaction);
        }
        written.run();
    }

    private static ChangeEvent alone(ChangeEvent.Truncate truncate, Relation relation) {
        return new ChangeEvent.Truncate(
                List.of(relation), truncate.cascade(), truncate.restartIdentity());
    }
}
