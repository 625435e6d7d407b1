package warp.migration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import warp.config.MigrationSettings;
import warp.config.SlotNames;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.model.OutputPlugin;
import warp.model.Side;
import warp.postgres.ReplicationSlot;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.progress.EventLog;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.schema.Restoration;
import warp.state.IdentityStore;
import warp.state.MigrationRecord;
import warp.state.MigrationStore;
import warp.state.RemovedStore;
import warp.state.SpoolStore;

/**
 * Leaves nothing of a migration behind at either side: slot and publication, the schema {@code
 * warp}, and what Warp took away is put back. Each side is cleaned for itself, so that one that is
 * gone for good does not keep the other from being cleaned. Doing it twice does no harm.
 */
final class Cleaning {

    private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(1);

    private final MigrationSettings settings;
    private final EventLog log;
    private final StopSignal stop;
    private final Ends ends;

    /** Whether the destination knew this migration, so that its slot is surely ours. */
    private boolean known;

    /** How it ends where both sides are cleaned. */
    private ExitCode code = ExitCode.DONE;

    /** Whether something at the source is to be put back that only the destination knows of. */
    private boolean owesIdentities;

    Cleaning(MigrationSettings settings, EventLog log, StopSignal stop) {
        this.settings = settings;
        this.log = log;
        this.stop = stop;
        this.ends = Ends.of(settings, log);
    }

    /**
     * Cleans both sides.
     *
     * @throws WarpException the first failure, after both sides were tried
     */
    ExitCode run() throws InterruptedException {
        Optional<WarpException> first = attempt(this::cleanDestination);
        if (first.isPresent() && first.get().code() == ErrorCode.STATE) {
            throw first.get(); // Somebody works on this migration: its slot is not ours to drop.
        }
        if (stop.requested()) {
            throw stopped();
        }
        Optional<WarpException> second = attempt(this::cleanSource);
        if (first.isEmpty() && !owesIdentities) {
            first = attempt(this::forget);
        } else if (first.isEmpty()) {
            second = second.isPresent() ? second : attempt(this::putIdentitiesBack);
            second.ifPresent(problem ->
                    problem.hint(
                            "warp.identity at the destination keeps what REPLICA IDENTITY is to be"
                                    + " put back: run --clean again. If the source is gone for"
                                    + " good, run at the destination: DROP SCHEMA warp CASCADE;"));
        }
        if (first.isPresent()) {
            second.ifPresent(problem -> log.warn(problem.report()));
            throw first.get();
        } else if (second.isPresent()) {
            throw second.get();
        }
        log.info("Cleaned: nothing of slot %s is left at either side.".formatted(settings.slot()));
        return code;
    }

    private static WarpException stopped() {
        return new WarpException(ErrorCode.INTERRUPTED, "stopped while cleaning");
    }

    private CutAtStop cutting(Session session) {
        return new CutAtStop(stop, STOPS_BY_ITSELF, session::abort);
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private static Optional<WarpException> attempt(Step step) throws InterruptedException {
        try {
            step.run();
            return Optional.empty();
        } catch (WarpException problem) {
            return Optional.of(problem);
        }
    }

    private void cleanDestination() throws InterruptedException {
        try (Session destination = ends.destination().open();
                CutAtStop _ = cutting(destination)) {
            MigrationLock.acquire(destination, settings.slot(), log, stop);
            MigrationStore store = new MigrationStore(destination, settings.slot());
            if (!store.isInstalled()) {
                log.info("Nothing to clean on destination.");
                return;
            }
            known = store.find().isPresent();
            int owed = Restoration.owed(destination, settings.slot()).inOrder().size();
            if (owed > 0) {
                log.info(
                        "Putting back %d indexes, keys and triggers on destination..."
                                .formatted(owed));
            }
            putBack(destination);
            owesIdentities = !new IdentityStore(destination, settings.slot()).all().isEmpty();
        }
    }

    /**
     * Puts back what is owed. What fails keeps the state from being dropped, since nothing else
     * knows the statements; what had failed before is given up: a person has seen them twice.
     */
    private void putBack(Session destination) {
        Set<Integer> seen = new HashSet<>();
        new RemovedStore(destination, settings.slot())
                .refused()
                .forEach(failure -> seen.add(failure.number()));
        List<WarpException> failures = Restoration.restoreAll(destination, settings.slot());
        failures.forEach(problem -> log.warn(problem.report()));
        boolean allSeen =
                Restoration.owed(destination, settings.slot()).inOrder().stream()
                        .allMatch(job -> seen.contains(job.removed().number()));
        if (!failures.isEmpty() && allSeen) {
            log.warn(
                    failures.size()
                            + " indexes, keys or triggers are given up; each is named above, with"
                            + " its statements");
            code = ExitCode.INCOMPLETE;
        } else if (!failures.isEmpty()) {
            throw new WarpException(
                            ErrorCode.CONFLICT,
                            failures.size()
                                    + " indexes, keys or triggers could not be put back; each"
                                    + " is named above")
                    .at(Side.DESTINATION)
                    .hint(
                            "Mend the cause and run --clean again; or only run it again, which"
                                    + " gives them up.");
        }
    }

    /** Last, as it is the state that says which slots of the source are ours. */
    private void forget() throws InterruptedException {
        try (Session destination = ends.destination().open();
                CutAtStop _ = cutting(destination)) {
            MigrationLock.acquire(destination, settings.slot(), log, stop);
            MigrationStore store = new MigrationStore(destination, settings.slot());
            if (store.isInstalled()) {
                forget(destination, store);
            }
        }
    }

    private void removeSpool(Session destination, MigrationStore store) {
        Optional<MigrationRecord> record = store.find();
        if (record.isEmpty()) {
            return;
        }
        try (SpoolBacklog spooled =
                SpoolBacklog.find(settings, record.get(), destination, new Progress())) {
            Optional<SpoolStore.Place> missing = spooled.missing();
            boolean elsewhere = spooled.isElsewhere();
            spooled.remove(destination);
            missing.filter(place -> elsewhere || Files.exists(Path.of(place.folder())))
                    .ifPresent(place ->
                            log.info(
                                    "The spool %s on host %s is of no use any more: remove it there."
                                            .formatted(place.folder(), place.host())));
        }
    }

    private void forget(Session destination, MigrationStore store) {
        removeSpool(destination, store);
        log.info("Dropping Warp's state on destination...");
        store.forget();
    }

    /** After the publication is gone; only then the notes about it may go. */
    private void putIdentitiesBack() throws InterruptedException {
        try (Session source = ends.source().open();
                Session destination = ends.destination().open();
                CutAtStop _ = cutting(source);
                CutAtStop _ = cutting(destination)) {
            MigrationLock.acquire(destination, settings.slot(), log, stop);
            new Identities(source, destination, settings.slot(), log, stop).putBack();
            forget(destination, new MigrationStore(destination, settings.slot()));
        }
    }

    private void cleanSource() throws InterruptedException {
        try (Session source = ends.source().open();
                CutAtStop _ = cutting(source)) {
            SourceCatalog catalog = new SourceCatalog(source);
            Optional<ReplicationSlot> slot = catalog.slot(settings.slot());
            if (slot.isPresent()) {
                requireOurs(slot.get());
                SlotRelease.await(catalog, settings.slot(), known, stop);
                log.info("Dropping replication slot on source...");
                catalog.dropSlot(settings.slot());
            } else {
                log.info("No replication slot %s on source.".formatted(settings.slot()));
            }
            String copying = TableCopying.slotName(settings.slot());
            if (known && catalog.slot(copying).isPresent()) {
                SlotRelease.await(catalog, copying, true, stop);
                catalog.dropSlot(copying);
            }
            for (String publication :
                    List.of(settings.slot(), SlotNames.insertsPublication(settings.slot()))) {
                if (catalog.hasPublication(publication)) {
                    log.info("Dropping publication on source...");
                    catalog.dropPublication(publication);
                }
            }
        }
    }

    private void requireOurs(ReplicationSlot slot) {
        boolean plugin =
                slot.plugin().equals(OutputPlugin.PGOUTPUT.toString())
                        || slot.plugin().equals(OutputPlugin.TEST_DECODING.toString());
        if (!plugin || !slot.database().equals(settings.source().database())) {
            throw new WarpException(
                            ErrorCode.STATE,
                            "slot %s is not Warp's: plugin %s, database %s"
                                    .formatted(slot.name(), slot.plugin(), slot.database()))
                    .at(Side.SOURCE)
                    .hint("Give the right one by --slot=NAME.");
        }
    }
}
