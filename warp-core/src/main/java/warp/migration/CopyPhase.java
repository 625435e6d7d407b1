package warp.migration;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import warp.config.Jobs;
import warp.config.MigrationSettings;
import warp.copy.Advance;
import warp.copy.Copier;
import warp.copy.CopyLogins;
import warp.copy.CopyRequest;
import warp.copy.CopyThrottle;
import warp.copy.FollowUp;
import warp.copy.Staged;
import warp.copy.staging.StagedFiles;
import warp.error.FaultPoint;
import warp.model.Phase;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.plan.ChunkPlanner;
import warp.postgres.Catalog;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.schema.Dismantled;
import warp.schema.Dismantling;
import warp.schema.ReplicaStandIn;
import warp.state.CopyStore;
import warp.state.MigrationStore;

/** Copies the rows of one snapshot: phase COPY. */
final class CopyPhase {

    static final Duration REPORT_EVERY = Duration.ofSeconds(5);

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
    private final IndexPhase indexes;

    /**
     * @param far whether one of the servers is
     */
    CopyPhase(
            Run run,
            MigrationStore store,
            Staging staging,
            Spooling spooling,
            BooleanSupplier far) {
        this.settings = run.settings();
        this.ends = run.ends();
        this.progress = run.progress();
        this.log = run.log();
        this.stop = run.stop();
        this.store = store;
        this.patience = run.patience();
        this.staging = staging;
        this.spooling = spooling;
        this.far = far;
        this.indexes = new IndexPhase(run, store, this::workers);
    }

    /** Finds out how far the servers are, which is asked for again and again from then on. */
    void lookHowFar() {
        boolean _ = far.getAsBoolean();
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
        try (CopyLogins logins = beginLogins(work)) {
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
                            work.advance()),
                    logins);
        }
        store.enter(Phase.INDEX);
    }

    /** Who reads into files, or from them, needs a session at one side only. */
    private CopyLogins beginLogins(Work work) {
        return staging.isAsked()
                ? CopyLogins.none()
                : CopyLogins.begin(
                        ends.source(),
                        ends.destination(),
                        Math.min(workers(), work.chunks().size()));
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

    private void copy(
            Session source,
            Session destination,
            ExportedSnapshot snapshot,
            Work work,
            CopyLogins logins) {
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
        try (IndexBuilding building = indexes.beside(source, destination, work.tables())) {
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
                                    jobs(),
                                    building,
                                    Braking.by(progress.throttle),
                                    !settings.options().withoutReplicaRole(),
                                    far.getAsBoolean(),
                                    work.advance()),
                            staged,
                            patience,
                            progress,
                            log),
                    source,
                    destination,
                    logins);
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
        try (IndexBuilding building = indexes.beside(null, destination, staged.pairs())) {
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
                                    jobs(),
                                    complete ? building : FollowUp.NONE,
                                    CopyThrottle.NONE,
                                    !settings.options().withoutReplicaRole(),
                                    far.getAsBoolean(),
                                    Advance.NONE),
                            Staged.toLoad(files),
                            patience,
                            progress,
                            log),
                    null,
                    destination,
                    CopyLogins.none());
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

    private void run(
            Copier copier, @Nullable Session source, Session destination, CopyLogins logins) {
        Runnable end = copier::stop;
        stop.onStop(end);
        CopyLine line = new CopyLine(progress, System.nanoTime());
        try (Ticker _ =
                new Ticker(
                        "copy-report",
                        REPORT_EVERY,
                        () -> log.info(line.next(System.nanoTime())))) {
            copier.run(source, destination, logins);
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
        return settings.jobs(far.getAsBoolean());
    }

    /** What follows rows: phase INDEX. */
    IndexPhase indexes() {
        return indexes;
    }

    static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
