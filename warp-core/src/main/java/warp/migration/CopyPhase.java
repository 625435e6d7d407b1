package warp.migration;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warp.config.MigrationSettings;
import warp.copy.Copier;
import warp.copy.CopyRequest;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Phase;
import warp.model.Side;
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
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.schema.Dismantled;
import warp.schema.Dismantling;
import warp.schema.Restoration;
import warp.schema.Restoration.TableJobs;
import warp.schema.RestoreJob.Resources;
import warp.state.MigrationStore;

/** Copies the rows of one snapshot and puts indexes and keys back: phases COPY and INDEX. */
final class CopyPhase {

    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);
    private static final int WORKERS_DEFAULT = 4;
    private static final long INDEX_MEMORY_BYTES_MAX = 1L << 30;

    private final MigrationSettings settings;
    private final Ends ends;
    private final Progress progress;
    private final EventLog log;
    private final StopSignal stop;
    private final MigrationStore store;

    CopyPhase(
            MigrationSettings settings,
            Ends ends,
            Progress progress,
            EventLog log,
            StopSignal stop,
            MigrationStore store) {
        this.settings = settings;
        this.ends = ends;
        this.progress = progress;
        this.log = log;
        this.stop = stop;
        this.store = store;
    }

    /**
     * Fills the tables from the snapshot; when it returns, phase INDEX has begun.
     *
     * @param filled those that are to be emptied before
     */
    void copy(
            Session source,
            Session destination,
            ExportedSnapshot snapshot,
            List<TablePair> tables,
            List<TablePair> filled) {
        progress.copyBegins();
        List<Chunk> chunks = plan(source, tables);
        store.beginCopy(snapshot.consistentPoint(), chunksOf(chunks));
        new Emptying(settings, log).truncate(destination, filled);
        Dismantled taken =
                Dismantling.remove(
                        destination, settings.slot(), tables, settings.options().keepIndexes());
        taken.leftInPlace().forEach(left -> log.detail(left.describe()));
        long bytes = tables.stream().mapToLong(pair -> pair.source().bytes()).sum();
        log.info(
                "Copying %s (%,d MB) in %s with %s..."
                        .formatted(
                                counted(tables.size(), "table"),
                                bytes >> 20,
                                counted(chunks.size(), "chunk"),
                                counted(workers(), "worker")));
        try (IndexBuilding indexes = indexBuilding(destination, tables.size())) {
            run(
                    new Copier(
                            new CopyRequest(
                                    ends.source(),
                                    ends.destination(),
                                    settings.slot(),
                                    snapshot.name(),
                                    snapshot.consistentPoint(),
                                    tables,
                                    chunks,
                                    workers(),
                                    indexes,
                                    bytesPassed -> {}),
                            progress,
                            log));
        }
        store.enter(Phase.INDEX);
    }

    private void run(Copier copier) {
        Runnable end = copier::stop;
        stop.onStop(end);
        CopyLine line = new CopyLine(progress, System.nanoTime());
        try (Ticker _ =
                new Ticker(
                        "copy-report",
                        REPORT_EVERY,
                        () -> log.info(line.next(System.nanoTime())))) {
            copier.run();
        } finally {
            stop.forget(end);
        }
    }

    private List<Chunk> plan(Session source, List<TablePair> tables) {
        List<Table> sources = tables.stream().map(TablePair::source).toList();
        return ChunkPlanner.plan(
                sources,
                source.version().atLeast(14),
                workers(),
                table -> Catalog.keyHistogram(source, table));
    }

    private static Map<TableName, Integer> chunksOf(List<Chunk> chunks) {
        Map<TableName, Integer> counts = new HashMap<>();
        chunks.forEach(chunk -> counts.merge(chunk.table(), 1, Integer::sum));
        return counts;
    }

    private int workers() {
        return settings.options().jobsAsked().orElse(WORKERS_DEFAULT);
    }

    private IndexBuilding indexBuilding(Session destination, int tables) {
        return new IndexBuilding(
                ends.destination(),
                Restoration.owed(destination, settings.slot()),
                tables,
                new Resources(indexMemoryBytes(destination), workers() > 1 ? 1 : 0),
                progress,
                log);
    }

    /**
     * What one index build may use: a share of what the server's owner gave to shared_buffers,
     * which tells how large the machine is; never less than maintenance_work_mem.
     */
    private long indexMemoryBytes(Session destination) {
        long shared = new DestinationCatalog(destination).sharedBuffersBytes();
        long configured = new DestinationCatalog(destination).maintenanceMemoryBytes();
        return Math.max(configured, Math.min(shared / workers(), INDEX_MEMORY_BYTES_MAX));
    }

    /**
     * Puts back what is still owed but triggers, which would fire on replicated changes, and sets
     * the sequences; then enters REPLICATE.
     *
     * @throws WarpException CONFLICT where an object could not be put back; each was reported and
     *     stays owed
     */
    void finishIndexes(Session source, Session destination, List<TablePair> tables)
            throws InterruptedException {
        IndexBuilding building = indexBuilding(destination, 0);
        Runnable end = building::stop;
        stop.onStop(end);
        try (building) {
            Restoration owed = Restoration.owed(destination, settings.slot());
            Map<TableName, TablePair> pairs = new HashMap<>();
            tables.forEach(pair -> pairs.put(pair.name(), pair));
            SideBySide work = new SideBySide(workers());
            for (TableJobs table : owed.tables()) {
                TablePair pair = pairs.get(table.table());
                if (pair != null) {
                    work.run(building.after(pair));
                }
            }
            owed.notValid().forEach(building::restore);
            work.run(
                    owed.validations().stream()
                            .<Runnable>map(job -> () -> building.restore(job))
                            .toList());
        } finally {
            stop.forget(end);
        }
        requireAllBack(Restoration.owed(destination, settings.slot()));
        try (SequenceWatch sequences = SequenceWatch.of(ends, settings, tables, log)) {
            sequences.bring(stop);
        }
        if (settings.options().schema().sync()) {
            new SchemaPhase(settings, ends, log, stop).refreshViews(source, destination);
        }
        store.enter(Phase.REPLICATE);
        log.info(
                "%s copied; indexes, keys and statistics are in place."
                        .formatted(counted(tables.size(), "table")));
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static void requireAllBack(Restoration owed) {
        int missing = owed.inOrder().size() - owed.triggers().size();
        if (missing > 0) {
            throw new WarpException(
                            ErrorCode.CONFLICT,
                            missing + " indexes or keys could not be put back; each is named above")
                    .at(Side.DESTINATION)
                    .hint(
                            "Mend the cause and run the same command again: it puts back the rest"
                                    + " and goes on.");
        }
    }
}
