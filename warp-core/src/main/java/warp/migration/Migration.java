package warp.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import warp.config.MigrationSettings;
import warp.config.MigrationSettings.Until;
import warp.config.Release;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.model.Phase;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Session;
import warp.postgres.wire.WireSession;
import warp.preflight.PreflightReport;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Patience.Attempts;
import warp.progress.Progress;
import warp.progress.Prompt;
import warp.progress.StopSignal;
import warp.schema.ObjectsInTheWay;
import warp.schema.ReplicaStandIn;
import warp.schema.Reshaping;
import warp.state.MigrationRecord;
import warp.state.MigrationStore;
import warp.state.Removed;

/**
 * One migration from beginning to end: finds out how far it is, does what is missing, phase by
 * phase. Running it again after any interruption is the way to go on; see the table of phases in
 * ARCHITECTURE.md.
 */
final class Migration {

    /** Time for the statement under way at a stop, before it is cancelled. */
    private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(1);

    /** An attempt that both servers went along with for so long has not failed from the outset. */
    private static final long WORKED_NANOS = Duration.ofMinutes(1).toNanos();

    private final Run run;
    private final MigrationSettings settings;
    private final EventLog log;
    private final Prompt prompt;
    private final StopSignal stop;
    private final Ends ends;
    private final Logins logins;
    private final Patience patience;
    private final MigrationLock lock;
    private final Progress progress = new Progress();
    private Unfinished unfinished = new Unfinished(List.of());

    /**
     * @param logins to the two ends; closed with each attempt that fails, and in the end
     */
    Migration(
            MigrationSettings settings,
            Ends ends,
            Logins logins,
            EventLog log,
            Prompt prompt,
            StopSignal stop,
            Patience patience) {
        this.logins = logins;
        this.settings = settings;
        this.log = log;
        this.prompt = new AnsweredOnce(prompt);
        this.stop = stop;
        this.patience = patience;
        this.lock = new MigrationLock(settings.slot(), log, stop);
        this.ends = ends;
        this.run = new Run(settings, ends, progress, log, stop, patience);
    }

    /** Runs or resumes it, until stopped or until what {@code --until} asks for is reached. */
    ExitCode run() throws InterruptedException {
        Spooling.check(settings);
        try (SourceProtection protection =
                new SourceProtection(settings, ends, progress, log, stop)) {
            return protection.during(() -> run(protection));
        }
    }

    private ExitCode run(SourceProtection protection) throws InterruptedException {
        if (!arrive(protection)) {
            return unfinished.code();
        }
        Replication replication = new Replication(run, logins, lock);
        ExitCode code = replication.run();
        if (replication.hasChecked()) {
            try (Session destination = ends.destination().open()) {
                unfinished = Unfinished.read(destination, settings.slot());
            }
        }
        unfinished.say(log);
        return code == ExitCode.DONE ? unfinished.code() : code;
    }

    /**
     * Does what comes before replication, again after passing failures: an attempt that failed is
     * thrown away whole, and the next one finds out how far the migration is, as a new process
     * would. Only what a person has answered is not asked again.
     *
     * @return whether to replicate now
     */
    private boolean arrive(SourceProtection protection) throws InterruptedException {
        Attempts attempts = patience.attempts();
        while (true) {
            AtomicLong met = new AtomicLong(Long.MAX_VALUE);
            try {
                return attempt(() -> met.set(System.nanoTime()), protection);
            } catch (WarpException problem) {
                if (stop.requested()) {
                    throw problem;
                }
                if (met.get() != Long.MAX_VALUE && System.nanoTime() - met.get() > WORKED_NANOS) {
                    attempts.succeeded();
                }
                if (!attempts.again(problem)) {
                    throw Patience.stopped(problem);
                }
            }
        }
    }

    /** What replicates goes on in the same sessions. */
    private boolean attempt(Runnable met, SourceProtection protection) throws InterruptedException {
        boolean arrived = false;
        try {
            Session source = logins.source();
            Session destination = logins.destination();
            try (CutAtStop _ = CutAtStop.both(stop, STOPS_BY_ITSELF, source, destination)) {
                arrived = attempt(source, destination, met, protection);
                return arrived;
            }
        } finally {
            if (!arrived) {
                logins.close();
            }
        }
    }

    private boolean attempt(
            Session source, Session destination, Runnable met, SourceProtection protection)
            throws InterruptedException {
        patience.met();
        met.run();
        lock.acquire(destination);
        // What the attempt before has left may be dropped and made anew.
        progress.slotNeeded(false);
        protection.begin();
        MigrationStore store = new MigrationStore(destination, settings.slot());
        try (Staging staging = new Staging(settings, progress, log);
                Spooling spooling = new Spooling(run)) {
            CopyPhase copy =
                    new CopyPhase(
                            run,
                            store,
                            staging,
                            spooling,
                            () -> source.isFar() || destination.isFar());
            if (!bring(source, destination, store, copy)) {
                return false;
            }
        }
        if (settings.options().withoutReplicaRole()) {
            quieten(source, destination, store);
        }
        return true;
    }

    /** Also what somebody has made since the copy, or before a copy that was not Warp's. */
    private void quieten(Session source, Session destination, MigrationStore store) {
        List<TablePair> tables = KnownPairs.read(source, destination, store, settings);
        List<Removed> taken = ReplicaStandIn.quieten(destination, settings.slot(), tables);
        if (!taken.isEmpty()) {
            log.info(
                    "Switched off or taken away until --clean: "
                            + taken.size()
                            + " foreign keys, rules and triggers of the destination.");
        }
    }

    /** Only looks whether a migration could begin, or go on. */
    ExitCode check() {
        Spooling.check(settings);
        try (logins) {
            Session source = logins.source();
            Session destination = logins.destination();
            Optional<MigrationRecord> known =
                    new MigrationStore(destination, settings.slot()).find();
            known.ifPresent(record ->
                    log.info(
                            "A migration with slot "
                                    + settings.slot()
                                    + " is in phase "
                                    + record.phase()
                                    + "; the command without --testing goes on with it."));
            known.ifPresent(record -> KnownPairs.requireSameRules(record, settings));
            Preparation preparation = new Preparation(settings, source, destination, log);
            boolean copying =
                    known.map(record -> record.phase().compareTo(Phase.COPY) >= 0).orElse(false);
            if (settings.options().schema().sync() && !copying) {
                preparation.inspectBeforeSchema(known.isPresent());
                new SchemaPhase(settings, ends, log, stop).announce(source, destination);
            } else {
                preparation.inspect(known.isPresent());
            }
            if (!copying) {
                new LargeObjects(ends, settings, log, patience).announce(source, destination);
                try (Staging staging = new Staging(settings, progress, log);
                        Walsender walsender = Walsender.begin(ends.source())) {
                    staging.inspect(thisMigration(source, walsender), known.isPresent());
                }
            }
            log.info("Both servers are ready for a migration.");
            return ExitCode.DONE;
        }
    }

    /**
     * Does what comes before replication.
     *
     * @return whether to replicate now
     */
    private boolean bring(Session source, Session destination, MigrationStore store, CopyPhase copy)
            throws InterruptedException {
        Optional<MigrationRecord> known = store.find();
        if (known.isPresent()) {
            requireSameSource(source, store, known.get());
            copy.files().goOn(known.get());
        }
        Phase phase = known.map(MigrationRecord::phase).orElse(Phase.PREPARE);
        if (new Repair(run, store).beginIfNeeded(source, destination, phase, prompt)) {
            known = store.find();
            phase = Phase.COPY;
        }
        if (settings.options().skipInitialSync() && phase == Phase.PREPARE) {
            replicateOnly(source, destination, store);
            return true;
        } else if (settings.options().skipInitialSync() && phase.compareTo(Phase.COPY) <= 0) {
            throw ReplicateOnly.halfCopied();
        }
        if (phase == Phase.COPY && LeftFiles.load(source, destination, settings, copy, store)) {
            phase = Phase.INDEX;
        }
        switch (phase) {
            case PREPARE, SCHEMA, COPY -> {
                List<TablePair> tables =
                        settings.options().schema().sync() && phase != Phase.COPY
                                ? copyIntoNewSchema(source, destination, copy, known)
                                : copyAnew(source, destination, copy, known);
                copy.indexes().finish(source, destination, tables);
            }
            case INDEX -> {
                progress.slotNeeded(true);
                log.info("Resuming: the data is copied, indexes and keys are being put back...");
                copy.spooling().begin(source, destination);
                copy.indexes()
                        .finish(
                                source,
                                destination,
                                KnownPairs.read(source, destination, store, settings));
            }
            case REPLICATE -> {
                if (!Unfinished.read(destination, settings.slot()).failures().isEmpty()) {
                    log.info("Resuming: trying again what could not be made...");
                    copy.indexes()
                            .tryAgain(
                                    source,
                                    destination,
                                    KnownPairs.read(source, destination, store, settings));
                }
                log.info("Resuming replication...");
            }
        }
        unfinished = Unfinished.read(destination, settings.slot());
        unfinished.say(log);
        if (settings.until() instanceof Until.Copied) {
            log.info(
                    "Copied, as asked. Slot %s keeps every change since at the source: run the same command without --until to replicate them."
                            .formatted(settings.slot()));
            return false;
        }
        return true;
    }

    private List<TablePair> copyAnew(
            Session source, Session destination, CopyPhase copy, Optional<MigrationRecord> known)
            throws InterruptedException {
        boolean agreed = known.map(record -> record.phase() == Phase.COPY).orElse(false);
        SlotCreation slots = new SlotCreation(ends.source(), settings.slot(), log, stop);
        MigrationStore store = new MigrationStore(destination, settings.slot());
        boolean goesOn = agreed && resumed(store).isPossible(destination);
        if (agreed) {
            log.info(
                    "An earlier copy was interrupted: it %s."
                            .formatted(goesOn ? "goes on" : "starts again"));
        } else if (known.isPresent()) {
            slots.dropLeftovers(source);
        }
        PreflightReport report =
                new Preparation(settings, source, destination, log).inspect(agreed);
        try (Walsender walsender = Walsender.begin(ends.source())) {
            List<TablePair> tables = report.tables();
            if (!agreed) {
                new Emptying(settings, log).requireConsent(report.notEmpty(), prompt);
                requireConsent(source, destination);
            }
            MigrationRecord here = thisMigration(source, walsender);
            copy.files().open(here, known.isPresent());
            store.install();
            makeRoles(source, destination);
            if (goesOn) {
                declare(source, destination, report);
            } else {
                declareIdentities(source, destination, store, here, walsender, report);
            }
            copies(store, slots, walsender, copy)
                    .run(
                            source,
                            destination,
                            here,
                            report,
                            goesOn,
                            locks -> copy.copy(source, destination, locks, tables),
                            tables);
            return tables;
        }
    }

    private SnapshotCopies copies(
            MigrationStore store, SlotCreation slots, Walsender walsender, CopyPhase copy) {
        return new SnapshotCopies(run, store, slots, walsender, copy);
    }

    private ResumedCopy resumed(MigrationStore store) {
        return new ResumedCopy(run, store);
    }

    /**
     * Makes the schema as it was in the snapshot, then copies. What an interrupted run of this
     * migration made is dropped again without a question, as it holds no rows.
     */
    private List<TablePair> copyIntoNewSchema(
            Session source, Session destination, CopyPhase copy, Optional<MigrationRecord> known)
            throws InterruptedException {
        boolean begun = known.map(record -> record.phase() == Phase.SCHEMA).orElse(false);
        SlotCreation slots = new SlotCreation(ends.source(), settings.slot(), log, stop);
        if (begun) {
            log.info("Making the schema was interrupted: it starts again.");
        } else if (known.isPresent()) {
            slots.dropLeftovers(source);
        }
        Preparation preparation = new Preparation(settings, source, destination, log);
        PreflightReport report = preparation.inspectBeforeSchema(begun);
        try (Walsender walsender = Walsender.begin(ends.source())) {
            SchemaPhase schema = new SchemaPhase(settings, ends, log, stop);
            ObjectsInTheWay agreed = schema.obstacles(source, destination);
            if (!begun || agreed.holdRows(destination)) {
                schema.requireConsent(agreed, prompt);
            }
            if (!begun) {
                requireConsent(source, destination);
            }
            MigrationRecord asked = thisMigration(source, walsender);
            copy.files().open(asked, known.isPresent());
            MigrationStore store = new MigrationStore(destination, settings.slot());
            store.install();
            makeRoles(source, destination);
            List<TablePair> made = new ArrayList<>();
            AtomicBoolean again = new AtomicBoolean();
            MigrationRecord here = begun ? asked.in(Phase.SCHEMA) : asked;
            declareIdentities(source, destination, store, here, walsender, report);
            copies(store, slots, walsender, copy)
                    .run(
                            source,
                            destination,
                            here,
                            report,
                            false,
                            locks -> {
                                // At another attempt the first one's tables are in the way instead.
                                ObjectsInTheWay obstacles =
                                        again.getAndSet(true)
                                                ? schema.obstacles(source, destination)
                                                : agreed;
                                schema.make(
                                        source,
                                        destination,
                                        locks.snapshot().name(),
                                        obstacles,
                                        () -> {
                                            store.enter(Phase.SCHEMA);
                                            copy.lookHowFar();
                                        });
                                Reshaping.run(destination, report.chosen(), report.pairing());
                                made.clear();
                                made.addAll(preparation.inspectMade(names(report.chosen())));
                                copy.copy(source, destination, locks, made);
                            },
                            made);
            return made;
        }
    }

    /** The migration is noted down before, so that nobody takes its notes for leftovers. */
    private void declareIdentities(
            Session source,
            Session destination,
            MigrationStore store,
            MigrationRecord here,
            Walsender walsender,
            PreflightReport report)
            throws InterruptedException {
        if (!report.identities().isEmpty()) {
            store.begin(here, Release.version(), walsender.cluster().timeline());
            declare(source, destination, report);
        }
    }

    private void declare(Session source, Session destination, PreflightReport report)
            throws InterruptedException {
        new Identities(source, destination, settings.slot(), log, stop)
                .declare(report.identities());
    }

    /** About what belongs to no table or schema of the migration. */
    private void requireConsent(Session source, Session destination) {
        new LargeObjects(ends, settings, log, patience).requireConsent(source, destination, prompt);
        new ExtensionRows(settings, ends, log).requireConsent(source, destination, prompt);
    }

    private void makeRoles(Session source, Session destination) {
        if (settings.options().objects().roles()) {
            RoleStep.run(source, destination, log);
        }
    }

    private void replicateOnly(Session source, Session destination, MigrationStore store)
            throws InterruptedException {
        PreflightReport report = new Preparation(settings, source, destination, log).inspect(true);
        try (Walsender walsender = Walsender.begin(ends.source())) {
            MigrationRecord here = thisMigration(source, walsender);
            store.install();
            store.begin(here, Release.version(), walsender.cluster().timeline());
            declareIdentities(source, destination, store, here, walsender, report);
            new ReplicateOnly(settings, ends, log, stop, store)
                    .begin(source, destination, here.plugin(), report, walsender);
        }
    }

    private static List<TableName> names(List<Table> tables) {
        return tables.stream().map(Table::name).toList();
    }

    /** It can only be asked what it is once the checks have passed. */
    private MigrationRecord thisMigration(Session source, Walsender walsender) {
        return Origin.begin(settings, source.version(), walsender.cluster());
    }

    private void requireSameSource(Session source, MigrationStore store, MigrationRecord known) {
        try (WireSession session = ends.source().openReplication()) {
            Origin.requireSame(
                    known, Origin.begin(settings, source.version(), Walsender.Cluster.of(session)));
            KnownPairs.requireSameRules(known, settings);
            SourceTimeline.verify(session, store, known.sourceSystem(), log);
        }
    }
}
