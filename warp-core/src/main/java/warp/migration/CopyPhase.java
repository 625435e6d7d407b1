package warp.migration;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import warp.config.Jobs;
import warp.config.MigrationSettings;
import warp.copy.Advance;
import warp.copy.Copier;
import warp.copy.CopyRequest;
import warp.copy.CopyThrottle;
import warp.copy.FollowUp;
import warp.copy.Staged;
import warp.copy.staging.StagedFiles;
import warp.error.FaultPoint;
import warp.model.Lsn;
import warp.model.Phase;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.plan.ChunkPlanner;
import warp.postgres.Catalog;
import warp.postgres.DestinationCatalog;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.schema.Dismantled;
import warp.schema.Dismantling;
import warp.schema.Reattempt;
import warp.schema.ReplicaStandIn;
import warp.schema.Restoration;
import warp.schema.Restoration.TableJobs;
import warp.schema.RestoreJob.Resources;
import warp.state.CopyStore;
import warp.state.MigrationStore;
import warp.state.RemovedStore;

/** Copies the rows of one snapshot and puts indexes and keys back: phases COPY and INDEX. */
final class CopyPhase {

    static final Duration REPORT_EVERY = Duration.ofSeconds(5);
    private static final long INDEX_MEMORY_BYTES_MAX = 1L << 30;

    private final MigrationSettings settings;
    private final Ends ends;
    private final Progress progress;
    private final EventLog log;
    private final StopSignal stop;
    private final MigrationStore store;
    private final Patience patience;
    private final Staging staging;
    private final Spooling spooling;
    private final BooleanSupplier far;

    /**
     * @param far whether one of the servers is: then several streams fill the link better than one,
     *     however few cores there are
     */
    CopyPhase(
            MigrationSettings settings,
            Ends ends,
            Progress progress,
            EventLog log,
            StopSignal stop,
            MigrationStore store,
            Patience patience,
            Staging staging,
            Spooling spooling,
            BooleanSupplier far) {
        this.settings = settings;
        this.ends = ends;
        this.progress = progress;
        this.log = log;
        this.stop = stop;
        this.store = store;
        this.patience = patience;
        this.staging = staging;
        this.spooling = spooling;
        this.far = far;
    }

    /** What keeps changes meanwhile. */
    Spooling spooling() {
        return spooling;
    }

    /** Fills the tables from the snapshot; when it returns, phase INDEX has begun. */
    void copy(Session source, Session destination, TableLocks locks, List<TablePair> tables)
            throws InterruptedException {
        progress.copyBegins();
        List<Chunk> chunks = plan(source, tables);
        store.beginCopy(locks.point(), chunks);
        spooling.begin(source, destination);
        KnownTables.remember(source, destination, settings.slot(), tables);
        FaultPoint.TABLES_EMPTIED.before();
        new Emptying(settings, log).truncate(destination, tables);
        FaultPoint.TABLES_EMPTIED.after();
        fill(source, destination, locks, new Work(tables, tables, chunks, Advance.NONE));
    }

    /**
     * What there is to copy.
     *
     * @param tables every table
     * @param unfinished those of which rows are missing
     * @param chunks every chunk of those
     * @param advance which of them are half there
     */
    record Work(
            List<TablePair> tables,
            List<TablePair> unfinished,
            List<Chunk> chunks,
            Advance advance) {

        /** Tables that nothing is there of yet. */
        List<TablePair> untouched() {
            return unfinished.stream()
                    .filter(pair -> !advance.base().containsKey(pair.name()))
                    .toList();
        }
    }

    /**
     * Copies what is missing, from tables whose receivers are empty but for what is half there;
     * when it returns, phase INDEX has begun.
     */
    void fill(Session source, Session destination, TableLocks locks, Work work)
            throws InterruptedException {
        if (settings.options().withoutReplicaRole()) {
            // Before the foreign keys that come back when the rows are there.
            ReplicaStandIn.quieten(destination, settings.slot(), work.tables());
        }
        Dismantled taken =
                Dismantling.remove(
                        destination,
                        settings.slot(),
                        work.unfinished(),
                        settings.options().keepIndexes());
        taken.leftInPlace().forEach(left -> log.detail(left.describe()));
        new LargeObjects(ends, settings, log, patience)
                .copy(source, destination, locks.snapshot(), jobs().largeAtOnce(), stop);
        Set<TableName> empty = markEmpty(destination, locks, work.untouched(), work.chunks());
        copy(
                source,
                destination,
                locks.snapshot(),
                new Work(
                        without(empty, work.tables()),
                        without(empty, work.unfinished()),
                        work.chunks().stream()
                                .filter(chunk -> !empty.contains(chunk.table()))
                                .toList(),
                        work.advance()));
        store.enter(Phase.INDEX);
    }

    private static List<TablePair> without(Set<TableName> names, List<TablePair> pairs) {
        return pairs.stream().filter(pair -> !names.contains(pair.name())).toList();
    }

    /** Nothing is to be done for tables without rows, but to note down that they are copied. */
    private Set<TableName> markEmpty(
            Session destination, TableLocks locks, List<TablePair> tables, List<Chunk> chunks) {
        Set<TableName> empty = EmptyTables.find(locks.view(), destination, tables);
        if (!empty.isEmpty()) {
            store.markEmpty(
                    chunks.stream()
                            .filter(chunk -> empty.contains(chunk.table()))
                            .map(chunk -> Map.entry(chunk.table(), chunk.number()))
                            .toList(),
                    locks.snapshot().consistentPoint());
            log.info(counted(empty.size(), "table") + " without rows: nothing to copy there.");
        }
        return empty;
    }

    private void copy(Session source, Session destination, ExportedSnapshot snapshot, Work work) {
        Staged staged = staging.begin(snapshot.consistentPoint(), work.unfinished(), work.chunks());
        long bytes = work.unfinished().stream().mapToLong(pair -> pair.source().bytes()).sum();
        log.info(
                "Copying %s (%,d MB) in %s with %s..."
                        .formatted(
                                counted(work.unfinished().size(), "table"),
                                bytes >> 20,
                                counted(work.chunks().size(), "chunk"),
                                staged == null
                                        ? counted(workers(), "worker")
                                        : "%s and %s, by way of %s"
                                                .formatted(
                                                        counted(staged.readers(), "reader"),
                                                        counted(workers(), "writer"),
                                                        staged.files().folder())));
        try (IndexBuilding indexes = indexBuilding(destination, work.tables())) {
            run(
                    new Copier(
                            new CopyRequest(
                                    ends.source(),
                                    ends.destination(),
                                    settings.slot(),
                                    snapshot.name(),
                                    snapshot.consistentPoint(),
                                    work.tables(),
                                    work.chunks(),
                                    workers(),
                                    jobs().largeAtOnce(),
                                    indexes,
                                    Braking.by(progress.throttle),
                                    !settings.options().withoutReplicaRole(),
                                    far.getAsBoolean(),
                                    work.advance()),
                            staged,
                            patience,
                            progress,
                            log),
                    source,
                    destination);
        }
        staging.end();
    }

    /**
     * Loads what files hold of a copy that was interrupted; the source is not asked. A file that is
     * damaged is told of and left out. Where all rows had been read, indexes are built as ever.
     *
     * @param keepsChunks tables whose chunks are of use though others are missing
     * @return whether every row is there now: then phase INDEX has begun
     */
    boolean load(Session destination, StagedFiles files, Set<TableName> keepsChunks) {
        progress.copyBegins();
        boolean complete = files.manifest().complete();
        StagedPairs all = StagedPairs.of(destination, files.manifest());
        StagedPairs staged =
                complete
                        ? all
                        : all.useful(
                                files,
                                new CopyStore(destination, settings.slot()).standing(),
                                keepsChunks);
        log.info(
                "Loading what %s holds with %s..."
                        .formatted(files.folder(), counted(workers(), "writer")));
        try (IndexBuilding indexes = indexBuilding(destination, staged.pairs())) {
            run(
                    new Copier(
                            new CopyRequest(
                                    ends.source(),
                                    ends.destination(),
                                    settings.slot(),
                                    "",
                                    files.manifest().snapshot(),
                                    staged.pairs(),
                                    staged.chunks(),
                                    workers(),
                                    jobs().largeAtOnce(),
                                    complete ? indexes : FollowUp.NONE,
                                    CopyThrottle.NONE,
                                    !settings.options().withoutReplicaRole(),
                                    far.getAsBoolean(),
                                    Advance.NONE),
                            Staged.toLoad(files),
                            patience,
                            progress,
                            log),
                    null,
                    destination);
        }
        return loaded();
    }

    /** Enters phase INDEX where every row is there. */
    boolean loaded() {
        if (!store.uncopied().isEmpty()) {
            return false;
        }
        store.enter(Phase.INDEX);
        staging.end();
        return true;
    }

    /** The files that rows go through, if any. */
    Staging files() {
        return staging;
    }

    private void run(Copier copier, @Nullable Session source, Session destination) {
        Runnable end = copier::stop;
        stop.onStop(end);
        CopyLine line = new CopyLine(progress, System.nanoTime());
        try (Ticker _ =
                new Ticker(
                        "copy-report",
                        REPORT_EVERY,
                        () -> log.info(line.next(System.nanoTime())))) {
            copier.run(source, destination);
        } finally {
            stop.forget(end);
        }
    }

    /**
     * The chunks of tables as they are now, cut for as many as copy large ones at once: where that
     * is one, most tables stay whole, and such a table is written frozen.
     */
    List<Chunk> plan(Session source, List<TablePair> tables) {
        List<Table> sources = tables.stream().map(TablePair::source).toList();
        return ChunkPlanner.plan(
                sources,
                source.version().atLeast(14),
                Math.max(jobs().largeAtOnce(), staging.isAsked() ? settings.readers() : 1),
                staging.chunkBytesMax(),
                table -> Catalog.keyHistogram(source, table));
    }

    /** Those that write at the destination. */
    private int workers() {
        return jobs().workers();
    }

    private Jobs jobs() {
        if (staging.isAsked()) {
            return Jobs.of(settings.writers());
        }
        return far.getAsBoolean()
                ? Jobs.of(settings.options().jobsAsked().orElse(Jobs.USUAL))
                : settings.jobs();
    }

    private IndexBuilding indexBuilding(Session destination, List<TablePair> tables) {
        return indexBuilding(destination, Restoration.owed(destination, settings.slot()), tables);
    }

    private IndexBuilding indexBuilding(
            Session destination, Restoration owed, List<TablePair> tables) {
        return new IndexBuilding(
                ends.destination(),
                owed,
                tables,
                new Resources(indexMemoryBytes(destination), indexHelpers()),
                patience,
                progress,
                log);
    }

    /**
     * What one index build may use: a share of what the server's owner gave to shared_buffers,
     * which tells how large the machine is; never less than maintenance_work_mem.
     */
    private long indexMemoryBytes(Session destination) {
        DestinationCatalog.Memory memory = new DestinationCatalog(destination).memory();
        return Math.max(
                memory.maintenanceBytes(),
                Math.min(
                        memory.sharedBuffersBytes() / Math.max(workers(), Jobs.USUAL),
                        INDEX_MEMORY_BYTES_MAX));
    }

    /** One beside each session that builds an index, unless a person wants no more than one. */
    private int indexHelpers() {
        return settings.options().jobsAsked().equals(Optional.of(1)) ? 0 : 1;
    }

    /**
     * Puts back what is still owed but triggers, which would fire on replicated changes, and sets
     * the sequences; then enters REPLICATE. What cannot be put back was reported and stays owed: it
     * keeps nothing else from being done.
     */
    void finishIndexes(Session source, Session destination, List<TablePair> tables)
            throws InterruptedException {
        putBack(destination, tables);
        try (SequenceWatch sequences = SequenceWatch.of(ends, settings, tables, log)) {
            sequences.bring(stop);
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
                                counted(tables.size(), "table"),
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
        if (owed.isOnlyAtTheEnd()) {
            return;
        }
        IndexBuilding building = indexBuilding(destination, owed, List.of());
        Runnable end = building::stop;
        stop.onStop(end);
        try (building) {
            SideBySide work = new SideBySide(workers());
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
        } finally {
            stop.forget(end);
        }
    }

    static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
