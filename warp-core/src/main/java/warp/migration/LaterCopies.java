package warp.migration;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import warp.config.MigrationSettings;
import warp.config.MigrationSettings.Until;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.TableName;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.StopSignal;
import warp.schema.Restoration;
import warp.schema.RestoreJob;
import warp.schema.RestoreJob.Resources;
import warp.state.CopyStore;
import warp.state.Failure;
import warp.state.HoldStore;
import warp.state.RemovedStore;

/**
 * Tables whose copy is of a later position than what is applied, since the copy was interrupted and
 * went on under another snapshot: what committed before that position is in their rows and must not
 * be applied to them, what committed after it must be.
 *
 * <p>pgoutput tells at the beginning of a transaction where it commits: the applier skips what is
 * part of a copy. test_decoding tells it at the end: the tables are held from the very beginning
 * until the stream has passed their position.
 *
 * <p>As long as there are any, the tables are of different moments, and what ties one to another
 * cannot be checked: foreign keys stand NOT VALID. They are checked once there are none.
 */
final class LaterCopies {

    private static final int CHECKS_AT_ONCE = 4;

    private final Run run;
    private final MigrationSettings settings;
    private final Session destination;
    private final EventLog log;
    private final StopSignal stop;
    private final Map<TableName, Lsn> later;
    private final boolean toldAtBegin;

    private LaterCopies(
            Run run, Session destination, Map<TableName, Lsn> later, boolean toldAtBegin) {
        this.run = run;
        this.settings = run.settings();
        this.destination = destination;
        this.log = run.log();
        this.stop = run.stop();
        this.later = later;
        this.toldAtBegin = toldAtBegin;
    }

    /** Those that there are at this progress. While nobody applies changes. */
    static LaterCopies at(Run run, Session destination, Lsn progress, OutputPlugin plugin) {
        return new LaterCopies(
                run,
                destination,
                new CopyStore(destination, run.settings().slot()).copiedAfter(progress),
                plugin == OutputPlugin.PGOUTPUT);
    }

    /** Whether any of a migration's tables is of a later position than what is applied. */
    static boolean any(Session destination, String slot, Lsn progress) {
        return !new CopyStore(destination, slot).copiedAfter(progress).isEmpty();
    }

    /** Holds them where they cannot be told by the stream. Before anything is applied. */
    void hold(HoldStore holds) {
        if (toldAtBegin || later.isEmpty()) {
            return;
        }
        Set<TableName> missing = new HashSet<>(later.keySet());
        holds.standing().forEach(each -> missing.remove(each.hold().table()));
        holds.awaitCopied(missing);
    }

    /** For the applier: the positions of those that it is to tell by itself. */
    Map<TableName, Lsn> copiedAt() {
        return toldAtBegin ? later : Map.of();
    }

    /** Where the stream has to come to for something to be done; NONE where nothing is. */
    Lsn wakeAt() {
        return later.isEmpty() || checks().isEmpty() ? Lsn.NONE : last();
    }

    private Lsn last() {
        return later.values().stream().max(Comparator.naturalOrder()).orElse(Lsn.NONE);
    }

    /** Warns where the end that was asked for lies before the position of a copy. */
    void say() {
        if (settings.until() instanceof Until.AtLsn at && at.lsn().isBefore(last())) {
            log.warn(
                    "%s of the tables are as of %s already, after the position that was asked for: the copy was interrupted"
                            .formatted(later.size(), last()));
        }
    }

    private List<RestoreJob> checks() {
        Set<Integer> refused = new HashSet<>();
        new RemovedStore(destination, settings.slot())
                .refused().stream().map(Failure::number).forEach(refused::add);
        return Restoration.owed(destination, settings.slot()).validations().stream()
                .filter(job -> !refused.contains(job.removed().number()))
                .toList();
    }

    /**
     * Checks the foreign keys that had to wait, once no table is of another moment or held.
     *
     * @return whether there were any
     */
    boolean checkReferences() throws InterruptedException {
        boolean held = !new HoldStore(destination, settings.slot()).standing().isEmpty();
        if (held || !later.isEmpty()) {
            return false;
        }
        List<RestoreJob> checks = checks();
        if (checks.isEmpty()) {
            return false;
        }
        log.info(
                "All tables are of one moment: checking %s..."
                        .formatted(CopyPhase.counted(checks.size(), "foreign key")));
        IndexBuilding building =
                new IndexBuilding(
                        run,
                        Restoration.owed(destination, settings.slot()),
                        List.of(),
                        Resources.MODEST,
                        new CopiedStatistics());
        Runnable end = building::stop;
        stop.onStop(end);
        try (building) {
            new SideBySide(CHECKS_AT_ONCE)
                    .run(
                            checks.stream()
                                    .<Runnable>map(job -> () -> building.restore(job))
                                    .toList());
        } finally {
            stop.forget(end);
        }
        return true;
    }
}
