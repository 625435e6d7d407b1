package warp.migration;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warp.config.MigrationSettings;
import warp.copy.Advance;
import warp.ddl.SourceTable;
import warp.ddl.SourceTables;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.KnownTable;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.SnapshotPoint;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.progress.EventLog;
import warp.progress.StopSignal;
import warp.sql.AdvanceStatements;
import warp.state.CopyStore;
import warp.state.CopyStore.Standing;
import warp.state.HoldStore;
import warp.state.MigrationStore;

/**
 * Goes on with a copy that was interrupted, whatever died, on whatever machine: its snapshot is
 * gone, its slot is not.
 *
 * <h2>What becomes of a table</h2>
 *
 * <ul>
 *   <li>One that is COPIED stays as it is, as of the position it was copied at.
 *   <li>One that has some of its chunks, and a key, keeps them: they are brought to the new
 *       snapshot ({@code copy.ChunkAdvance}) and the others copied under it.
 *   <li>One that is suspect, as its changes are lost, is compared with the new snapshot, and stays
 *       where it is equal ({@link Repair}).
 *   <li>Any other is emptied and copied anew.
 * </ul>
 *
 * <p>So tables are as of different positions, all at or after the slot's. A change is applied to a
 * table only where its transaction committed at or after the position of the table's copy ({@link
 * LaterCopies}): then each table has all changes, each once. Tables that share a receiver must be
 * as of one position, as a row may have gone from one to the other in between.
 *
 * <h2>Why it can be interrupted as well</h2>
 *
 * <p>First the position of the new snapshot is noted down: from then on no chunk of another one can
 * be marked, whoever may still be copying it. Then the chunks of the tables that start again are
 * forgotten, and only then are these emptied: a table without a marked chunk may hold rows, and is
 * emptied before it is copied, each time.
 */
final class ResumedCopy {

    /** The first version whose log tells of TRUNCATE. */
    private static final int TRUNCATE_LOGGED = 11;

    private final Run run;
    private final MigrationSettings settings;
    private final Ends ends;
    private final EventLog log;
    private final StopSignal stop;
    private final MigrationStore store;

    ResumedCopy(Run run, MigrationStore store) {
        this.run = run;
        this.settings = run.settings();
        this.ends = run.ends();
        this.log = run.log();
        this.stop = run.stop();
        this.store = store;
    }

    /** What becomes of each table. */
    private record Plan(
            List<TablePair> finished, Map<TablePair, Standing> half, List<TablePair> again) {}

    /**
     * Whether there is something to go on with: some rows are there. Where not, nothing is lost by
     * starting again.
     */
    boolean isPossible(Session destination) {
        return copies(destination).standing().values().stream()
                .anyMatch(table -> table.suspect() || table.rows() > 0);
    }

    private CopyStore copies(Session destination) {
        return new CopyStore(destination, settings.slot());
    }

    /**
     * Copies what is missing; when it returns, phase INDEX has begun.
     *
     * @param published where another slot is to be made, as the one there was is lost
     */
    void run(
            Session source,
            Session destination,
            CopyPhase copy,
            OutputPlugin plugin,
            Published published,
            List<TablePair> tables)
            throws InterruptedException {
        SlotCreation slots = new SlotCreation(ends.source(), settings.slot(), log, stop);
        if (store.progress().isEmpty()) {
            try (ExportedSnapshot snapshot =
                    slots.create(source, plugin, published, ends.source()::openReplication)) {
                store.countFrom(snapshot.consistentPoint());
                copy.spooling().begin(source, destination);
                copyUnder(snapshot, source, destination, copy, tables);
            }
            return;
        }
        publish(source, destination, plugin, tables);
        log.info("Taking a new snapshot of the source...");
        try (ExportedSnapshot snapshot = slots.createTemporary(source, plugin)) {
            copyUnder(snapshot, source, destination, copy, tables);
        } finally {
            slots.dropTemporary(source);
        }
    }

    private void copyUnder(
            ExportedSnapshot snapshot,
            Session source,
            Session destination,
            CopyPhase copy,
            List<TablePair> tables)
            throws InterruptedException {
        try (TableLocks locks = locks(source, destination, snapshot, tables)) {
            copy.files().whenAllIsRead(locks);
            SnapshotPoint now = locks.point();
            FaultPoint.COPY_TAKEN_OVER.before();
            copies(destination).takeOver(now.position());
            FaultPoint.COPY_TAKEN_OVER.after();
            Map<TableName, Standing> standing = copies(destination).standing();
            new Repair(run, store)
                    .compare(
                            source,
                            destination,
                            snapshot,
                            now,
                            tables.stream().filter(pair -> isSuspect(standing, pair)).toList());
            Plan plan = plan(source, destination, tables);
            say(plan);
            copy.fill(source, destination, locks, prepare(source, destination, copy, plan, now));
        } catch (WarpException problem) {
            throw stop.requested() ? problem : snapshot.reason(problem, ends.source());
        }
    }

    private static boolean isSuspect(Map<TableName, Standing> standing, TablePair pair) {
        Standing table = standing.get(pair.name());
        return table != null && table.suspect();
    }

    /** Tables that came since the publication was made; before the snapshot. */
    private void publish(
            Session source, Session destination, OutputPlugin plugin, List<TablePair> tables) {
        if (plugin != OutputPlugin.PGOUTPUT) {
            return;
        }
        Set<TableName> known = copies(destination).standing().keySet();
        new SourceCatalog(source)
                .addToPublication(
                        settings.slot(),
                        tables.stream()
                                .filter(pair -> !known.contains(pair.name()))
                                .filter(pair -> !pair.insertsOnly())
                                .map(TablePair::name)
                                .toList());
    }

    /** On what is to be copied, or may turn out to be. */
    private TableLocks locks(
            Session source,
            Session destination,
            ExportedSnapshot snapshot,
            List<TablePair> tables) {
        Map<TableName, Standing> standing = copies(destination).standing();
        boolean any = !source.version().atLeast(TRUNCATE_LOGGED);
        List<Table> perhaps =
                tables.stream()
                        .filter(pair -> any || pair.shared() || !isCopied(standing, pair))
                        .map(TablePair::source)
                        .toList();
        return TableLocks.take(ends.source(), source, snapshot, perhaps, stop);
    }

    private static boolean isCopied(Map<TableName, Standing> standing, TablePair pair) {
        Standing table = standing.get(pair.name());
        return table != null && table.isCopied();
    }

    private Plan plan(Session source, Session destination, List<TablePair> tables) {
        Map<TableName, Standing> standing = copies(destination).standing();
        Map<TableName, List<Chunk>> ranges = copies(destination).ranges();
        Map<TableName, KnownTable> known = new HoldStore(destination, settings.slot()).known();
        Map<TableName, SourceTable> now = new HashMap<>();
        new SourceTables(source).all().forEach(table -> now.put(table.name(), table));
        Set<TableName> withHeap = AccessMethods.heaps(source);
        boolean truncateIsLogged = source.version().atLeast(TRUNCATE_LOGGED);
        Map<TablePair, Standing> half = new HashMap<>();
        List<TablePair> finished = new ArrayList<>();
        List<TablePair> again = new ArrayList<>();
        for (List<TablePair> group : byReceiver(tables)) {
            if (isFinished(group, standing)) {
                for (TablePair pair : group) {
                    boolean sound =
                            truncateIsLogged
                                    || isSame(known.get(pair.name()), now.get(pair.name()), pair);
                    (sound ? finished : again).add(pair);
                }
                continue;
            }
            TablePair first = group.getFirst();
            Standing table = standing.get(first.name());
            boolean keeps =
                    table != null
                            && !table.suspect()
                            && table.marked() > 0
                            && table.base() != null
                            && ranges.getOrDefault(first.name(), List.of()).size() == table.chunks()
                            && AdvanceStatements.canAdvance(first)
                            && withHeap.contains(first.name())
                            && isSame(known.get(first.name()), now.get(first.name()), first);
            if (keeps) {
                half.put(first, table);
            } else {
                again.addAll(group);
            }
        }
        return new Plan(finished, half, again);
    }

    private static Collection<List<TablePair>> byReceiver(List<TablePair> tables) {
        return tables.stream().collect(groupingBy(pair -> pair.destination().name())).values();
    }

    private static boolean isFinished(List<TablePair> group, Map<TableName, Standing> standing) {
        Set<Optional<Lsn>> positions = new HashSet<>();
        for (TablePair pair : group) {
            Standing table = standing.get(pair.name());
            positions.add(table == null ? Optional.empty() : table.copiedAt());
        }
        return positions.size() == 1 && !positions.contains(Optional.<Lsn>empty());
    }

    /**
     * Whether the rows of then can be compared with those of now: same file, same columns, received
     * by the same ones.
     */
    private static boolean isSame(
            @Nullable KnownTable then, @Nullable SourceTable now, TablePair pair) {
        return then != null
                && now != null
                && KnownTables.received(now.known(then.name()), pair).equals(then);
    }

    private void say(Plan plan) {
        log.info(
                "Kept: %s, and the finished chunks of %s; %s from the beginning."
                        .formatted(
                                CopyPhase.counted(plan.finished().size(), "table"),
                                CopyPhase.counted(plan.half().size(), "other"),
                                CopyPhase.counted(plan.again().size(), "table")));
        plan.half()
                .forEach((pair, table) ->
                        log.detail(
                                "Table %s: %d of %d chunks are kept"
                                        .formatted(pair.name(), table.marked(), table.chunks())));
    }

    /** Notes the plan down, and empties what starts again. */
    private CopyPhase.Work prepare(
            Session source, Session destination, CopyPhase copy, Plan plan, SnapshotPoint now) {
        CopyStore copies = copies(destination);
        List<Chunk> chunks = new ArrayList<>(copy.plan(source, plan.again()));
        List<TableName> anew = plan.again().stream().map(TablePair::name).toList();
        FaultPoint.COPY_RESUMED.before();
        destination.transaction(() -> {
            copies.forget(gone(copies, plan));
            copies.forget(anew);
            copies.plan(now, chunks);
            KnownTables.remember(source, destination, settings.slot(), plan.again());
        });
        FaultPoint.COPY_RESUMED.after();
        Emptying.emptyEach(destination, plan.again(), !settings.options().withoutReplicaRole());
        Map<TableName, List<Chunk>> ranges = copies.ranges();
        Map<TableName, SnapshotPoint> base = new HashMap<>();
        List<TablePair> unfinished = new ArrayList<>(plan.again());
        plan.half()
                .forEach((pair, table) -> {
                    SnapshotPoint before = table.base();
                    if (before != null) {
                        base.put(pair.name(), before);
                    }
                    chunks.addAll(ranges.getOrDefault(pair.name(), List.of()));
                    unfinished.add(pair);
                });
        List<TablePair> all = new ArrayList<>(plan.finished());
        all.addAll(unfinished);
        return new CopyPhase.Work(all, unfinished, chunks, new Advance(base, now));
    }

    /** Tables that the source has no more, or not under that name. */
    private static List<TableName> gone(CopyStore copies, Plan plan) {
        Set<TableName> gone = new HashSet<>(copies.standing().keySet());
        plan.finished().forEach(pair -> gone.remove(pair.name()));
        plan.again().forEach(pair -> gone.remove(pair.name()));
        plan.half().keySet().forEach(pair -> gone.remove(pair.name()));
        return List.copyOf(gone);
    }
}
