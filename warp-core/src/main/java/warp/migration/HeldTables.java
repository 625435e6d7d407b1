package warp.migration;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import warp.config.MigrationSettings;
import warp.ddl.SourceTable;
import warp.ddl.SourceTables;
import warp.model.Hold;
import warp.model.KnownTable;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.StopSignal;
import warp.state.HoldStore;
import warp.state.MigrationStore;

/**
 * What an attempt of the replication must know of its tables: how they pair, which are held and
 * why. Made when an attempt begins, after what can be mended has been.
 */
final class HeldTables {

    private final Run run;
    private final MigrationSettings settings;
    private final Ends ends;
    private final Session source;
    private final Session destination;
    private final MigrationStore store;
    private final HoldStore holds;
    private final EventLog log;
    private final StopSignal stop;
    private final Set<TableName> leftOut = new HashSet<>();
    private List<HoldStore.Standing> standing = List.of();
    private List<TablePair> pairs = List.of();
    private Map<TableName, KnownTable> known = Map.of();
    private Map<TableName, Lsn> copiedAt = Map.of();
    private Lsn wakeAt = Lsn.NONE;
    private boolean checked;

    HeldTables(Run run, Session source, Session destination, MigrationStore store) {
        this.run = run;
        this.settings = run.settings();
        this.ends = run.ends();
        this.source = source;
        this.destination = destination;
        this.store = store;
        this.holds = new HoldStore(destination, settings.slot());
        this.log = run.log();
        this.stop = run.stop();
    }

    /** Mends what can be mended, begins what has to be copied, and says what is left. */
    void bring(DefinitionChange found, TableCopying copying, OutputPlugin plugin)
            throws InterruptedException {
        copying.takenUp();
        later(plugin).hold(holds);
        Mending mending = new Mending(run, source, destination, store);
        mending.run(found);
        LaterCopies later = later(plugin);
        later.say();
        checked = later.checkReferences();
        copiedAt = later.copiedAt();
        wakeAt = earlier(mending.wakeAt(), later.wakeAt());
        copying.begin(mending.toCopy(), plugin);
        standing = holds.standing();
        known = KnownTables.refreshed(source, holds);
        pairs = LivePairs.of(source, destination, store, settings, known);
        readLeftOut();
        if (!stop.requested()) {
            // What was not looked at for the stop has no statement to run yet.
            sayAgain();
        }
    }

    private LaterCopies later(OutputPlugin plugin) {
        return LaterCopies.at(run, destination, store.progress().orElse(Lsn.NONE), plugin);
    }

    private static Lsn earlier(Lsn one, Lsn other) {
        if (one.isNone() || other.isNone()) {
            return one.max(other);
        }
        return one.isBefore(other) ? one : other;
    }

    /** Whether foreign keys were checked that had to wait. */
    boolean hasChecked() {
        return checked;
    }

    /** Tables whose copy is of a later position than what is applied. */
    Map<TableName, Lsn> copiedAt() {
        return copiedAt;
    }

    private void readLeftOut() {
        Set<TableName> members = new HashSet<>(store.tables());
        Set<Integer> oids = new HashSet<>();
        known.values().forEach(table -> oids.add(table.oid()));
        for (SourceTable table : new SourceTables(source).all()) {
            if (!members.contains(table.name()) && !oids.contains(table.oid())) {
                leftOut.add(table.name());
            }
        }
    }

    List<TablePair> pairs() {
        return pairs;
    }

    Map<TableName, KnownTable> known() {
        return known;
    }

    /** Every held table. */
    Set<TableName> names() {
        Set<TableName> names = new HashSet<>();
        standing.forEach(each -> names.add(each.hold().table()));
        return names;
    }

    /** Whether it is a table of the source that is none of the migration's. */
    boolean isLeftOut(TableName table) {
        return leftOut.contains(table);
    }

    /** Whether the stream has come to where a copy can be taken up. */
    boolean isDue(Lsn applied) {
        return !wakeAt.isNone() && !applied.isBefore(wakeAt);
    }

    Lsn wakeAt() {
        return wakeAt;
    }

    /** The held tables, by name. */
    List<TableName> stillHeld() {
        return standing.stream().map(each -> each.hold().table()).toList();
    }

    /** Looks at both catalogs while the attempt lasts. */
    DefinitionWatch watch(Set<String> said) {
        Set<TableName> waiting = new HashSet<>();
        standing.stream()
                .map(HoldStore.Standing::hold)
                .filter(hold -> !isCopied(hold))
                .forEach(hold -> waiting.add(hold.table()));
        return new DefinitionWatch(
                new LentSession(source, ends.source()),
                new LentSession(destination, ends.destination()),
                settings,
                known,
                new HashSet<>(store.tables()),
                names(),
                waiting,
                said,
                log);
    }

    private static boolean isCopied(Hold hold) {
        return hold.needsCopy() && hold.statements().isEmpty();
    }

    /** Says what is held. Any thread. */
    void sayAgain() {
        long waiting = standing.stream().filter(each -> !each.copiedAt().isNone()).count();
        if (waiting > 0) {
            log.info(
                    "%s of the tables are as of a later position; changes since wait until all before are applied."
                            .formatted(waiting));
        }
        for (HoldStore.Standing each : standing) {
            Hold hold = each.hold();
            if (!each.copiedAt().isNone()) {
                continue;
            }
            if (isCopied(hold)) {
                log.info(
                        "Table %s is held until it has been copied (%d changes wait)."
                                .formatted(hold.table(), each.changes()));
            } else {
                log.warn(
                        "Table %s is held since %s UTC, all others go on: %s (%d changes wait)"
                                .formatted(
                                        hold.table(), each.since(), hold.reason(), each.changes()),
                        hold.statements().stream()
                                .map(statement -> "Run at the destination: " + statement)
                                .toList());
            }
        }
    }
}
