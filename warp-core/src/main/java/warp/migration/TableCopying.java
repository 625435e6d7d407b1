package warp.migration;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import warp.config.Jobs;
import warp.config.MigrationSettings;
import warp.copy.Advance;
import warp.copy.Copier;
import warp.copy.CopyRequest;
import warp.copy.FollowUp;
import warp.ddl.SourceTable;
import warp.ddl.SourceTables;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Column;
import warp.model.KnownTable;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.plan.ChunkPlanner;
import warp.postgres.Catalog;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.postgres.wire.WireSession;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.progress.Throttle;
import warp.sql.DefinitionStatements;
import warp.state.HoldStore;
import warp.state.MigrationStore;

/**
 * Copies held tables while all others are replicated, as of the consistent point of a slot of its
 * own, which lives as long as the copy.
 *
 * <h2>Why nothing is lost</h2>
 *
 * <p>The tables are held before it begins and until the stream has passed the consistent point: so
 * each of their changes is in {@code warp.held}. Those that committed before the point are in the
 * copy and are dropped; the others are applied to it. A table is emptied by the transaction that
 * writes {@code PLANNED} and forgets its chunks, and {@code warp.relation} says COPIED, with the
 * point, by the transaction of its last chunk; whoever is killed in between copies it again.
 *
 * <p>One copy at a time, on a thread of its own. {@link #begin} and {@link #close} are for the
 * replicating thread.
 */
final class TableCopying implements AutoCloseable {

    private static final long PAUSE_NANOS = 5_000_000_000L;

    /** After what will hardly go better next time. */
    private static final long REFUSED_PAUSE_NANOS = 60_000_000_000L;

    private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(2);

    private final MigrationSettings settings;
    private final Ends ends;
    private final Throttle throttle;
    private final EventLog log;
    private final Patience patience;
    private final AtomicReference<@Nullable Lsn> done = new AtomicReference<>();
    private final StopSignal stop = new StopSignal();
    private @Nullable Thread thread;
    private volatile boolean failed;
    private volatile boolean refused;
    private volatile @Nullable RuntimeException defect;
    private volatile long failedAt;

    /** What would give columns of the destination the types of the source's. */
    private volatile List<String> otherTypes = List.of();

    TableCopying(
            MigrationSettings settings,
            Ends ends,
            Throttle throttle,
            EventLog log,
            Patience patience) {
        this.patience = patience;
        this.settings = settings;
        this.ends = ends;
        this.throttle = throttle;
        this.log = log;
    }

    /** Begins to copy, unless a copy is under way or has just failed. */
    void begin(List<TableName> tables, OutputPlugin plugin) {
        if (tables.isEmpty() || isRunning() || (failed && !isToTryAgain())) {
            return;
        }
        failed = false;
        List<TableName> names = List.copyOf(tables);
        log.info("Copying %s while replicating...".formatted(names(names)));
        thread = Thread.ofVirtual().name("table-copying").start(() -> run(names, plugin));
    }

    private static String names(List<TableName> names) {
        return names.size() == 1 ? "table " + names.getFirst() : names.size() + " tables";
    }

    boolean isRunning() {
        Thread running = thread;
        return running != null && running.isAlive();
    }

    /** Whether a copy is complete that the stream, at this position, has come to. */
    boolean isDue(Lsn applied) {
        requireSound();
        Lsn at = done.get();
        return isToTryAgain() || (at != null && !applied.isBefore(at));
    }

    private boolean isToTryAgain() {
        long pause = refused ? REFUSED_PAUSE_NANOS : PAUSE_NANOS;
        return failed && System.nanoTime() - failedAt >= pause;
    }

    /** A copy that is complete has been taken up. */
    void takenUp() {
        done.set(null);
    }

    /** Whether something is still to come of it, without a person. */
    boolean isBusy() {
        boolean running = isRunning();
        requireSound();
        return running || (failed && !refused) || done.get() != null;
    }

    /** A defect that has ended the copy's thread is not to be waited for. */
    private void requireSound() {
        RuntimeException found = defect;
        if (found != null) {
            throw found;
        }
    }

    private void run(List<TableName> names, OutputPlugin plugin) {
        try {
            done.set(copy(names, plugin));
        } catch (WarpException problem) {
            if (!stop.requested()) {
                failedAt = System.nanoTime();
                refused = problem.code().retry() == ErrorCode.Retry.NEVER;
                failed = true;
                log.warn(
                        "Copying %s failed: %s; trying again %s"
                                .formatted(
                                        names(names),
                                        problem.report(),
                                        refused ? "in a minute" : "in some seconds"),
                        refused ? otherTypes : List.of());
            }
        } catch (RuntimeException found) {
            defect = found; // it surfaces in the replicating thread
        }
    }

    private Lsn copy(List<TableName> names, OutputPlugin plugin) {
        String slot = slotName(settings.slot());
        try (Session source = ends.source().open();
                Session destination = ends.destination().open();
                CutAtStop _ = CutAtStop.both(stop, STOPS_BY_ITSELF, source, destination)) {
            boolean far = source.isFar() || destination.isFar();
            SourceCatalog catalog = new SourceCatalog(source);
            if (plugin == OutputPlugin.PGOUTPUT) {
                // Those of which only inserts are published are in another publication already.
                catalog.addToPublication(
                        settings.slot(),
                        pairs(source, destination, names).stream()
                                .filter(pair -> !pair.insertsOnly())
                                .map(TablePair::name)
                                .toList());
            }
            dropSlot(catalog);
            try (ExportedSnapshot snapshot = snapshot(slot, plugin, source)) {
                copyAt(snapshot, source, destination, names, far);
                return snapshot.consistentPoint();
            } finally {
                dropSlot(catalog);
            }
        }
    }

    /** Before 10 a slot outlives its session. */
    private void dropSlot(SourceCatalog catalog) {
        String slot = slotName(settings.slot());
        if (catalog.slot(slot).filter(found -> found.activePid().isEmpty()).isPresent()) {
            catalog.dropSlot(slot);
        }
    }

    /** The slot that a copy is made by; at most 63 bytes. */
    static String slotName(String slot) {
        return (slot.length() > 58 ? slot.substring(0, 58) : slot) + "_copy";
    }

    private ExportedSnapshot snapshot(String slot, OutputPlugin plugin, Session source) {
        WireSession session = ends.source().openReplication();
        Runnable cut =
                () -> {
                    session.cancel();
                    session.abort();
                };
        try {
            stop.onStop(cut);
            FaultPoint.COPY_SLOT_MADE.before();
            ExportedSnapshot snapshot =
                    ExportedSnapshot.createTemporary(session, slot, plugin, source.version());
            FaultPoint.COPY_SLOT_MADE.after();
            return snapshot;
        } catch (RuntimeException problem) {
            session.close();
            throw problem;
        } finally {
            stop.forget(cut);
        }
    }

    private void copyAt(
            ExportedSnapshot snapshot,
            Session source,
            Session destination,
            List<TableName> names,
            boolean far) {
        // What is applied beside it keeps both servers busy, too: no more than copy large chunks.
        Jobs jobs = Jobs.of(settings.jobs(far).largeAtOnce());
        List<Table> tables = sources(source, names);
        try (TableLocks _ = TableLocks.take(ends.source(), source, snapshot, tables, stop)) {
            // As they are now that nobody can alter them.
            List<TablePair> pairs = pairs(source, destination, names);
            List<Table> locked = pairs.stream().map(TablePair::source).toList();
            requireFit(pairs);
            otherTypes = otherTypes(pairs);
            List<Chunk> chunks =
                    ChunkPlanner.plan(
                            locked,
                            source.version().atLeast(14),
                            jobs.workers(),
                            table -> Catalog.keyHistogram(source, table));
            Map<TableName, SourceTable> shapes = new HashMap<>();
            new SourceTables(source).all().forEach(shape -> shapes.put(shape.name(), shape));
            FaultPoint.TABLE_COPY_BEGUN.before();
            destination.transaction(() -> {
                HoldStore holds = new HoldStore(destination, settings.slot());
                Map<TableName, KnownTable> known = holds.known();
                Emptying.emptyAlone(destination, pairs, !settings.options().withoutReplicaRole());
                for (TablePair pair : pairs) {
                    holds.beginCopy(
                            pair.name(), count(chunks, pair.name()), snapshot.consistentPoint());
                    SourceTable shape = shapes.get(pair.name());
                    KnownTable before = known.get(pair.name());
                    if (shape != null) {
                        KnownTable now =
                                before == null ? shape.known(pair.name()) : shape.known(before);
                        holds.know(KnownTables.received(now, pair));
                    }
                }
            });
            FaultPoint.TABLE_COPY_BEGUN.after();
            run(
                    new Copier(
                            new CopyRequest(
                                    ends.source(),
                                    ends.destination(),
                                    settings.slot(),
                                    snapshot.name(),
                                    snapshot.consistentPoint(),
                                    pairs,
                                    chunks,
                                    jobs,
                                    FollowUp.NONE,
                                    Braking.by(throttle),
                                    !settings.options().withoutReplicaRole(),
                                    far,
                                    Advance.NONE),
                            patience,
                            new Progress(),
                            log),
                    source,
                    destination);
        }
    }

    private void run(Copier copier, Session source, Session destination) {
        Runnable cut = copier::stop;
        stop.onStop(cut);
        try {
            copier.run(source, destination);
        } finally {
            stop.forget(cut);
        }
    }

    private static List<Table> sources(Session source, List<TableName> names) {
        Set<TableName> wanted = new HashSet<>(names);
        List<Table> tables =
                Catalog.tables(source).stream()
                        .filter(table -> wanted.contains(table.name()))
                        .toList();
        if (tables.size() < wanted.size()) {
            throw unfit("a table was dropped or renamed meanwhile", Side.SOURCE);
        }
        return tables;
    }

    private List<TablePair> pairs(Session source, Session destination, List<TableName> names) {
        MigrationStore store = new MigrationStore(destination, settings.slot());
        Map<TableName, KnownTable> known = new HoldStore(destination, settings.slot()).known();
        List<TablePair> pairs =
                LivePairs.of(source, destination, store, settings, known).stream()
                        .filter(pair -> names.contains(pair.name()))
                        .toList();
        if (pairs.size() < names.size()) {
            throw unfit("a table is missing", Side.DESTINATION);
        }
        return pairs;
    }

    private static void requireFit(List<TablePair> pairs) {
        for (TablePair pair : pairs) {
            List<String> missing =
                    pair.travelling().stream()
                            .map(Column::name)
                            .filter(column -> pair.receiver(column).isEmpty())
                            .toList();
            if (!missing.isEmpty()) {
                throw unfit(
                        "table %s lacks %s".formatted(pair.name(), String.join(", ", missing)),
                        Side.DESTINATION);
            }
        }
    }

    private static List<String> otherTypes(List<TablePair> pairs) {
        return pairs.stream()
                .flatMap(pair ->
                        pair.columns().stream()
                                .filter(each ->
                                        !each.source()
                                                .typeName()
                                                .equals(each.destination().typeName()))
                                .map(each ->
                                        "If the destination's type does not take the values: "
                                                + DefinitionStatements.alterType(
                                                        pair.destination().name(),
                                                        each.destination().name(),
                                                        each.source().typeName())
                                                + ";"))
                .toList();
    }

    private static WarpException unfit(String what, Side side) {
        return new WarpException(ErrorCode.TRANSIENT, what).at(side);
    }

    private static int count(List<Chunk> chunks, TableName table) {
        return (int) chunks.stream().filter(chunk -> chunk.table().equals(table)).count();
    }

    /** Ends a copy under way; the same command begins it again. */
    @Override
    public void close() {
        stop.request(ExitCode.INTERRUPTED);
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            running.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
