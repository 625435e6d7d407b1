package warp.migration;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import warp.config.Jobs;
import warp.config.MigrationSettings;
import warp.model.Lsn;
import warp.model.Phase;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.DestinationCatalog;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.StopSignal;
import warp.schema.Reattempt;
import warp.schema.Restoration;
import warp.schema.Restoration.TableJobs;
import warp.schema.RestoreJob.Resources;
import warp.schema.Statistics.Gathering;
import warp.state.MigrationStore;
import warp.state.RemovedStore;

/**
 * Puts indexes and keys back and collects statistics: phase INDEX, which begins beside the copy
 * with the first table that is filled.
 */
final class IndexPhase {

    private static final long INDEX_MEMORY_BYTES_MAX = 1L << 30;

    private final Run run;
    private final MigrationSettings settings;
    private final Ends ends;
    private final EventLog log;
    private final StopSignal stop;
    private final MigrationStore store;
    private final IntSupplier workers;
    private final CopiedStatistics statistics = new CopiedStatistics();

    /**
     * @param workers how many build at once
     */
    IndexPhase(Run run, MigrationStore store, IntSupplier workers) {
        this.run = run;
        this.settings = run.settings();
        this.ends = run.ends();
        this.log = run.log();
        this.stop = run.stop();
        this.store = store;
        this.workers = workers;
    }

    /**
     * What is done with each of these tables as soon as it is filled.
     *
     * @param source to be asked what it knows of them; null where it is not
     */
    IndexBuilding beside(@Nullable Session source, Session destination, List<TablePair> tables) {
        statistics.begin(source, destination, tables);
        return building(destination, Restoration.owed(destination, settings.slot()), tables);
    }

    private IndexBuilding building(Session destination, Restoration owed, List<TablePair> tables) {
        return new IndexBuilding(
                run, owed, tables, new Resources(memoryBytes(destination), helpers()), statistics);
    }

    /**
     * What one index build may use: a share of what the server's owner gave to shared_buffers,
     * which tells how large the machine is; never less than maintenance_work_mem.
     */
    private long memoryBytes(Session destination) {
        DestinationCatalog.Memory memory = new DestinationCatalog(destination).memory();
        return Math.max(
                memory.maintenanceBytes(),
                Math.min(
                        memory.sharedBuffersBytes() / Math.max(workers.getAsInt(), Jobs.USUAL),
                        INDEX_MEMORY_BYTES_MAX));
    }

    /** One beside each session that builds an index, unless a person wants no more than one. */
    private int helpers() {
        return settings.options().jobsAsked().equals(Optional.of(1)) ? 0 : 1;
    }

    /**
     * Puts back what is still owed but triggers, which would fire on replicated changes, collects
     * what statistics are missing and sets the sequences; then enters REPLICATE. What cannot be put
     * back was reported and stays owed: it keeps nothing else from being done.
     */
    void finish(Session source, Session destination, List<TablePair> tables)
            throws InterruptedException {
        putBack(destination, tables);
        collectStatistics(destination, tables);
        try (SequenceWatch sequences = SequenceWatch.of(ends, settings, tables, log)) {
            sequences.bring(source, destination, stop);
        }
        finishObjects(source, destination);
        new ExtensionRows(settings, ends, log).bring(source, destination);
        if (settings.options().schema().sync() && settings.options().wholeDatabase()) {
            new SchemaPhase(settings, ends, log, stop).bringProperties(source, destination);
        }
        store.enter(Phase.REPLICATE);
        boolean all = new RemovedStore(destination, settings.slot()).refused().isEmpty();
        log.info(
                "%s copied; %s."
                        .formatted(
                                CopyPhase.counted(tables.size(), "table"),
                                all
                                        ? "indexes, keys and statistics are in place"
                                        : "indexes and keys are in place but those named above"));
    }

    /**
     * Tries again what an earlier run could not do: a person may have put the cause right. Must run
     * before replication, so that nothing waits for its locks.
     */
    void tryAgain(Session source, Session destination, List<TablePair> tables)
            throws InterruptedException {
        putBack(destination, tables);
        finishObjects(source, destination);
    }

    private void finishObjects(Session source, Session destination) {
        if (settings.options().schema().sync()) {
            Reattempt.run(destination, settings.slot());
            new SchemaPhase(settings, ends, log, stop).refreshViews(source, destination);
        }
    }

    /** Puts back what is owed to tables, but triggers; what is refused stays owed. */
    private void putBack(Session destination, List<TablePair> tables) throws InterruptedException {
        Set<TableName> receivers = new HashSet<>();
        tables.forEach(pair -> receivers.add(pair.destination().name()));
        putBack(destination, receivers::contains);
    }

    /** The same to every table that is owed something. */
    void putBackAll(Session destination) throws InterruptedException {
        putBack(destination, _ -> true);
    }

    private void putBack(Session destination, Predicate<TableName> tables)
            throws InterruptedException {
        Restoration owed = Restoration.owed(destination, settings.slot());
        if (!owed.isOnlyAtTheEnd()) {
            untilStopped(
                    building(destination, owed, List.of()),
                    building -> putBack(destination, owed, tables, building));
        }
    }

    private void putBack(
            Session destination,
            Restoration owed,
            Predicate<TableName> tables,
            IndexBuilding building)
            throws InterruptedException {
        SideBySide work = new SideBySide(workers.getAsInt());
        for (TableJobs table : owed.tables()) {
            if (tables.test(table.table())) {
                work.run(building.afterFilling(table.table()));
            }
        }
        owed.notValid().forEach(building::restore);
        if (LaterCopies.any(destination, settings.slot(), store.progress().orElse(Lsn.NONE))) {
            log.detail("Foreign keys are checked later: the tables are of different moments.");
            return;
        }
        work.run(
                owed.validations().stream()
                        .<Runnable>map(job -> () -> building.restore(job))
                        .toList());
    }

    /** Of those that were not to be looked at as soon as they were filled. */
    private void collectStatistics(Session destination, List<TablePair> tables)
            throws InterruptedException {
        List<Gathering> left = statistics.left(destination, tables);
        if (left.isEmpty()) {
            return;
        }
        log.detail("Collecting statistics of " + CopyPhase.counted(left.size(), "table") + "...");
        untilStopped(
                building(destination, Restoration.NOTHING, List.of()),
                building ->
                        new SideBySide(workers.getAsInt())
                                .run(
                                        left.stream()
                                                .<Runnable>map(each -> () -> building.collect(each))
                                                .toList()));
    }

    private interface Work {
        void run(IndexBuilding building) throws InterruptedException;
    }

    private void untilStopped(IndexBuilding building, Work work) throws InterruptedException {
        Runnable end = building::stop;
        stop.onStop(end);
        try (building) {
            work.run(building);
        } finally {
            stop.forget(end);
        }
    }
}
