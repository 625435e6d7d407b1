package warp.migration;

import java.util.List;
import java.util.Optional;
import warp.config.Release;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Phase;
import warp.model.Table;
import warp.model.TablePair;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Opening;
import warp.postgres.Session;
import warp.postgres.wire.WireSession;
import warp.preflight.PreflightReport;
import warp.state.MigrationRecord;
import warp.state.MigrationStore;

/**
 * Copies all tables, under as many snapshots as it takes. Where somebody truncates or rewrites one
 * of them just then, Warp lets go of everything, so that the source is not kept waiting; what is
 * copied by then is kept, and the rest is copied as of another snapshot.
 */
record SnapshotCopies(
        Run run, MigrationStore store, SlotCreation slots, Walsender walsender, CopyPhase copy) {

    private static final int COPIES_MAX = 20;

    /** Copies everything as of a snapshot. */
    interface SnapshotWork {
        void run(TableLocks locks) throws InterruptedException;
    }

    /**
     * Copies all tables.
     *
     * @param goesOn whether an earlier run has left something
     * @param whole copies everything as of the slot's own snapshot
     * @param tables filled by {@code whole} at the latest; what of them an attempt has not copied,
     *     the next one does
     */
    void run(
            Session source,
            Session destination,
            MigrationRecord here,
            PreflightReport report,
            boolean goesOn,
            SnapshotWork whole,
            List<TablePair> tables)
            throws InterruptedException {
        List<Table> sources = report.chosen();
        Published published = Published.of(sources, report.pairing());
        boolean keeps = goesOn;
        for (int attempt = 1; ; attempt++) {
            try {
                if (keeps) {
                    walsender.close(); // The slot is there: it would stand idle for hours.
                    boolean slotIsThere = store.progress().isPresent();
                    run.progress().slotNeeded(slotIsThere);
                    if (slotIsThere) {
                        copy.spooling().begin(source, destination);
                    }
                    resumed().run(source, destination, copy, here.plugin(), published, tables);
                    return;
                }
                SourceTimeline.requireSame(walsender.cluster(), here.sourceSystem());
                store.begin(here, Release.version(), walsender.cluster().timeline());
                run.progress().slotNeeded(false);
                try (Opening<WireSession> locking = Opening.begin(run.ends().source()::openWire);
                        ExportedSnapshot snapshot =
                                slots.create(source, here.plugin(), published, walsender::take)) {
                    run.progress().slotNeeded(true);
                    withLocks(source, locking, snapshot, sources, copy.files(), whole);
                    return;
                }
            } catch (WarpException problem) {
                if (problem.code() != ErrorCode.TRANSIENT
                        || problem.isGivenUp()
                        || attempt == COPIES_MAX
                        || run.stop().requested()) {
                    throw problem;
                }
                copy.spooling().close(); // It reads the slot, which may be dropped.
                boolean copying =
                        store.find().map(MigrationRecord::phase).equals(Optional.of(Phase.COPY));
                if (copying && LeftFiles.load(source, destination, run.settings(), copy, store)) {
                    return;
                }
                keeps = copying && resumed().isPossible(destination);
                run.log()
                        .warn(
                                "%s; the copy %s"
                                        .formatted(
                                                problem.report(),
                                                keeps ? "goes on" : "starts again"));
            }
        }
    }

    private ResumedCopy resumed() {
        return new ResumedCopy(run, store);
    }

    private void withLocks(
            Session source,
            Opening<WireSession> locking,
            ExportedSnapshot snapshot,
            List<Table> tables,
            Staging files,
            SnapshotWork work)
            throws InterruptedException {
        try (TableLocks locks =
                TableLocks.take(locking.take(), source, snapshot, tables, run.stop())) {
            files.whenAllIsRead(locks);
            work.run(locks);
        } catch (WarpException problem) {
            throw run.stop().requested() ? problem : snapshot.reason(problem, run.ends().source());
        }
    }
}
