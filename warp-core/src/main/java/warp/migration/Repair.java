package warp.migration;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import warp.config.MigrationSettings;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Phase;
import warp.model.SnapshotPoint;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.progress.EventLog;
import warp.progress.Progress;
import warp.progress.Prompt;
import warp.progress.StopSignal;
import warp.sql.VerifyStatements.Hash;
import warp.state.CopyStore;
import warp.state.MigrationStore;
import warp.verify.TableComparison;

/**
 * Makes good that changes of the source are lost: its slot is gone, or was given up by the server,
 * or the destination is older than what the slot was told, or the spool is lost. Which tables they
 * concern nobody knows.
 *
 * <p>One transaction makes every table that has its rows suspect, and goes back to phase COPY. Then
 * the copy goes on as after any interruption ({@link ResumedCopy}), but for a new slot, whose
 * snapshot is the first to be read: a suspect table is compared with it, inside both servers, while
 * nobody writes to the destination. One that is equal is as of that snapshot, without a row having
 * travelled; any other is emptied and copied. Interrupted, what is still suspect is compared with
 * the next snapshot.
 */
final class Repair {

    private final MigrationSettings settings;
    private final Ends ends;
    private final EventLog log;
    private final StopSignal stop;
    private final MigrationStore store;

    Repair(Run run, MigrationStore store) {
        this.settings = run.settings();
        this.ends = run.ends();
        this.log = run.log();
        this.stop = run.stop();
        this.store = store;
    }

    /**
     * Begins it where it is needed; what is lost is said.
     *
     * @param phase of the migration
     * @return whether the migration is in phase COPY now
     * @throws WarpException the loss itself, where a person does not agree
     */
    boolean beginIfNeeded(Session source, Session destination, Phase phase, Prompt prompt)
            throws InterruptedException {
        // Before, there is no slot to lose, or not even a table to ask.
        Optional<Lsn> progress =
                phase.compareTo(Phase.COPY) < 0 ? Optional.empty() : store.progress();
        if (progress.isEmpty()) {
            return false;
        }
        try (SpoolBacklog spooled =
                SpoolBacklog.find(
                        settings, store.find().orElseThrow(), destination, new Progress())) {
            Optional<WarpException> loss =
                    ResumePoint.loss(
                            new SourceCatalog(source),
                            settings.slot(),
                            settings.source().database(),
                            progress.get(),
                            spooled,
                            stop);
            if (loss.isPresent()) {
                begin(loss.get(), phase, prompt);
                spooled.remove(destination);
            }
            return loss.isPresent();
        }
    }

    private void begin(WarpException loss, Phase phase, Prompt prompt) {
        if (settings.options().skipInitialSync()) {
            throw loss.hint("Without --skip-initial-sync, which keeps it from copying anything.");
        }
        // Whose copy was interrupted has agreed before.
        if (phase == Phase.COPY || settings.assumeYes()) {
            log.warn(loss.summary());
        } else if (!prompt.confirm(question(loss))) {
            throw loss.hint("It asks before: answer yes, or give --yes.")
                    .hint("Or give this migration up: the same command with --clean.");
        }
        store.loseSlot();
    }

    private String question(WarpException loss) {
        return "%s. Compare every table on destination: %s with the source, and run TRUNCATE on those that differ, to copy them again"
                .formatted(loss.summary(), settings.destination().display());
    }

    /**
     * Compares suspect tables with a snapshot; those that are equal are not suspect any more.
     *
     * @return how many are equal
     */
    int compare(
            Session source,
            Session destination,
            ExportedSnapshot snapshot,
            SnapshotPoint now,
            List<TablePair> suspect)
            throws InterruptedException {
        if (suspect.isEmpty()) {
            return 0;
        }
        log.info(
                "Comparing %s with the source..."
                        .formatted(CopyPhase.counted(suspect.size(), "table")));
        TableComparison comparison =
                new TableComparison(
                        ends.source(),
                        ends.destination(),
                        snapshot.name(),
                        Hash.of(source.version(), destination.version()),
                        suspect);
        Runnable end = comparison::stop;
        stop.onStop(end);
        Set<TableName> equal;
        try (Ticker _ =
                new Ticker(
                        "compare-report",
                        CopyPhase.REPORT_EVERY,
                        () ->
                                log.info(
                                        "Compared %d of %d tables"
                                                .formatted(
                                                        comparison.compared(), suspect.size())))) {
            equal =
                    comparison.run(
                            settings.jobs(source.isFar() || destination.isFar()).largeAtOnce());
        } finally {
            stop.forget(end);
        }
        List<TablePair> cleared =
                suspect.stream().filter(pair -> equal.contains(pair.name())).toList();
        FaultPoint.TABLES_CLEARED.before();
        destination.transaction(() -> {
            new CopyStore(destination, settings.slot()).clear(List.copyOf(equal), now.position());
            KnownTables.remember(source, destination, settings.slot(), cleared);
        });
        FaultPoint.TABLES_CLEARED.after();
        log.info(
                "%d of %s are equal at both sides; the others are copied again."
                        .formatted(equal.size(), CopyPhase.counted(suspect.size(), "table")));
        suspect.stream()
                .map(TablePair::name)
                .filter(name -> !equal.contains(name))
                .forEach(name -> log.detail("Table %s differs.".formatted(name)));
        return equal.size();
    }
}
