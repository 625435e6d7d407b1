package warp.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import warp.apply.Applier;
import warp.apply.ApplyPlan;
import warp.apply.ApplyPlan.Refusal;
import warp.apply.BatchLimits;
import warp.apply.RunRefused;
import warp.apply.TableRefused;
import warp.config.MigrationSettings;
import warp.config.SlotNames;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Hold;
import warp.model.Lsn;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Patience.Attempts;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.state.MigrationRecord;
import warp.state.MigrationStore;
import warp.stream.ChangeReader;

/**
 * Phase REPLICATE: reads changes from the slot and applies them until stopped or until the target
 * is reached.
 *
 * <p>An attempt owns everything it needs: lock, reader, applier. Whatever breaks in it, all of it
 * is thrown away, and the next attempt starts from the progress row as a new process would: there
 * is one way to recover.
 */
final class Replication {

    private static final Duration STATS_EVERY = Duration.ofSeconds(5);

    /** How often a person is reminded of what is held. */
    private static final Duration SAID_EVERY = Duration.ofMinutes(1);

    /** Time for the statements under way at a stop, before they are cancelled. */
    private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(3);

    private static final Duration TAKE_AT_MOST = Duration.ofMillis(500);

    /** How long a set that is being collected waits for more. */
    private static final Duration MORE_WITHIN = Duration.ofMillis(10);

    private final Run run;
    private final MigrationSettings settings;
    private final Ends ends;
    private final Progress progress;
    private final EventLog log;
    private final StopSignal stop;
    private final Patience patience;
    private final Logins logins;
    private final MigrationLock lock;
    private final Attempts attempts;
    private final Set<TableName> ignored = ConcurrentHashMap.newKeySet();
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final List<Refusal> refusals = new ArrayList<>();
    private final Set<Integer> rowByRow = new HashSet<>();
    private DefinitionChange todo = DefinitionChange.NONE;
    private boolean checked;

    /** What was held when the target was reached. */
    private List<TableName> held = List.of();

    /**
     * @param logins to the two ends; closed with each attempt
     */
    Replication(Run run, Logins logins, MigrationLock lock) {
        this.logins = logins;
        this.lock = lock;
        this.run = run;
        this.settings = run.settings();
        this.ends = run.ends();
        this.progress = run.progress();
        this.log = run.log();
        this.stop = run.stop();
        this.patience = run.patience();
        this.attempts = patience.attempts();
    }

    /** Whether foreign keys were checked, so that there may be more that is unfinished. */
    boolean hasChecked() {
        return checked;
    }

    /** How an attempt ended that did not fail. */
    private enum Outcome {
        REACHED,
        STOPPED,
        /** There is something to do that only goes between two attempts. */
        AGAIN
    }

    /**
     * Replicates; ends with DONE at the target, with NEEDS_PERSON there where a table is still
     * held, or with the stop's code.
     */
    ExitCode run() throws InterruptedException {
        try (TableCopying copying =
                new TableCopying(settings, ends, progress.throttle, log, patience)) {
            while (true) {
                try {
                    switch (attempt(copying)) {
                        case REACHED -> {
                            return reached();
                        }
                        case STOPPED -> {
                            return stopped();
                        }
                        case AGAIN -> {
                            // At once.
                        }
                    }
                } catch (TableRefused refused) {
                    remember(refused);
                } catch (RunRefused refused) {
                    remember(refused);
                } catch (WarpException problem) {
                    if (stop.requested()) {
                        throw problem;
                    }
                    if (!attempts.again(problem)) {
                        return stopped();
                    }
                }
            }
        }
    }

    /** The next attempt holds the table from that transaction on. */
    private void remember(TableRefused refused) {
        Refusal refusal =
                new Refusal(
                        new Hold(
                                refused.table(),
                                refused.problem().summary(),
                                refused.problem().hints(),
                                false),
                        refused.transactionId());
        if (refusals.contains(refusal)) {
            throw refused.problem();
        }
        refusals.add(refusal);
        log.detail(refused.problem().report());
    }

    /** The next attempt applies that transaction row by row. */
    private void remember(RunRefused refused) {
        if (!rowByRow.add(refused.transactionId())) {
            throw refused.problem();
        }
        log.detail(refused.problem().report());
    }

    private Outcome attempt(TableCopying copying) throws InterruptedException {
        try (logins) {
            Session source = logins.source();
            Session destination = logins.destination();
            try (CutAtStop _ = CutAtStop.both(stop, STOPS_BY_ITSELF, source, destination)) {
                lock.acquire(destination);
                MigrationStore store = new MigrationStore(destination, settings.slot());
                MigrationRecord record = store.find().orElseThrow(this::stateGone);
                store.install();
                try (SpoolBacklog spooled =
                        SpoolBacklog.find(settings, record, destination, progress)) {
                    return attempt(copying, source, destination, record, spooled);
                }
            }
        }
    }

    private Outcome attempt(
            TableCopying copying,
            Session source,
            Session destination,
            MigrationRecord record,
            SpoolBacklog spooled)
            throws InterruptedException {
        MigrationStore store = new MigrationStore(destination, settings.slot());
        Lsn from = store.progress().orElseThrow(this::stateGone);
        SourceTimeline.verify(ends.source(), store, record.sourceSystem(), log);
        SourceCatalog catalog = new SourceCatalog(source);
        ResumePoint.verify(
                catalog, settings.slot(), settings.source().database(), from, spooled, stop);
        spooled.dropUnlessDue(from, destination, log);
        progress.slotNeeded(true);
        progress.applied(from);
        HeldTables held = new HeldTables(run, source, destination, store);
        held.bring(todo, copying, record.plugin());
        checked |= held.hasChecked();
        todo = DefinitionChange.NONE;
        if (stop.requested()) {
            return Outcome.STOPPED;
        }
        Target target = Target.of(settings.until(), catalog.currentPosition());
        StreamStart start =
                new StreamStart(
                        ends.source(),
                        settings.slot(),
                        record.plugin(),
                        publications(catalog, held.pairs()),
                        log);
        // The applier first: it knows the progress for sure, once nobody else can move it.
        try (Applier applier = new Applier(ends.destination(), plan(held), progress);
                ChangeReader reader = read(start, spooled, applier.startAfter());
                DefinitionWatch definitions = held.watch(said)) {
            log.info("Started replication");
            return replicate(
                    new Running(
                            source,
                            destination,
                            reader,
                            applier,
                            definitions,
                            copying,
                            held,
                            spooled),
                    target);
        }
    }

    /** What an attempt consists of. */
    private record Running(
            Session source,
            Session destination,
            ChangeReader reader,
            Applier applier,
            DefinitionWatch definitions,
            TableCopying copying,
            HeldTables held,
            SpoolBacklog spooled) {

        /** Whether there is something to do between two attempts. */
        boolean isDue() {
            Lsn applied = applier.applied();
            return applier.hasHeld()
                    || definitions.isDue(applied)
                    || copying.isDue(applied)
                    || held.isDue(applied);
        }
    }

    /** That of inserts was made with the migration, where there was a table for it. */
    private List<String> publications(SourceCatalog catalog, List<TablePair> tables) {
        String inserts = SlotNames.insertsPublication(settings.slot());
        return catalog.hasPublication(inserts) || tables.stream().anyMatch(TablePair::insertsOnly)
                ? List.of(settings.slot(), inserts)
                : List.of(settings.slot());
    }

    private ChangeReader read(StreamStart start, SpoolBacklog spooled, Lsn from) {
        return ChangeReader.start(
                spooled.frames(from, start::open, log),
                start.decoder(),
                from,
                ChangeReader.QUEUE_BYTES_MAX,
                progress);
    }

    private ApplyPlan plan(HeldTables held) {
        return new ApplyPlan(
                settings.slot(),
                held.pairs(),
                held.names(),
                held.known(),
                refusals,
                table -> held.isLeftOut(table) && isIgnored(table),
                new BatchLimits(
                        settings.options().batchStatementsMax(),
                        settings.options().batchTransactionsMax()),
                !settings.options().withoutReplicaRole(),
                held.copiedAt(),
                rowByRow);
    }

    /**
     * test_decoding sends every table of the database, also those that are not part of the
     * migration.
     */
    private boolean isIgnored(TableName table) {
        if (ignored.add(table)) {
            log.detail("Changes of " + table + " are left out: it is not part of this migration.");
        }
        return true;
    }

    private Outcome replicate(Running running, Target target) throws InterruptedException {
        StatsLine stats = new StatsLine(progress, System.nanoTime());
        Applier applier = running.applier();
        try (CutAtStop _ = new CutAtStop(stop, STOPS_BY_ITSELF, applier::abort);
                SequenceWatch sequences =
                        SequenceWatch.of(ends, settings, running.held().pairs(), log).start();
                LargeObjects largeObjects =
                        new LargeObjects(ends, settings, log, patience).start(lent(running));
                SourceWatch watch = new SourceWatch(lent(running), progress, log);
                Ticker _ = running.definitions().start();
                Ticker _ = new Ticker("held", SAID_EVERY, running.held()::sayAgain);
                Ticker _ =
                        new Ticker(
                                "stats",
                                STATS_EVERY,
                                () -> {
                                    watch.look();
                                    log.info(stats.next(System.nanoTime()));
                                })) {
            watch.look(); // Its heartbeat moves the log past where we started, also on an idle
            // source.
            Lsn before = progress.applied();
            boolean reached = false;
            while (!stop.requested()) {
                reached |= !(reached && target.isExact()) && applyNext(running, target);
                if (progress.applied().isAfter(before)) {
                    attempts.succeeded();
                }
                if (reached && mayEnd(running, target)) {
                    settle(running);
                    sequences.bring(running.source(), running.destination(), stop);
                    largeObjects.bring(running.source(), running.destination(), stop);
                    new ExtensionRows(settings, ends, log)
                            .bring(running.source(), running.destination());
                    return Outcome.REACHED;
                }
                if (running.isDue()) {
                    settle(running);
                    todo = running.definitions().found();
                    return Outcome.AGAIN;
                }
            }
            settle(running);
            sequences.bringAtStop();
            largeObjects.sayAtStop();
            return Outcome.STOPPED;
        }
    }

    private LentSession lent(Running running) {
        return new LentSession(running.source(), ends.source());
    }

    /**
     * Whether all that Warp can do by itself is done: what is copied meanwhile is waited for, and
     * so is a definition that was found changed. At a position that was asked for, nothing is
     * waited for, as nothing after it is applied.
     */
    private boolean mayEnd(Running running, Target target) {
        if (target.isExact()) {
            held = running.held().stillHeld();
            return true;
        }
        if (running.applier().hasHeld() || running.copying().isBusy()) {
            return false;
        }
        if (running.held().wakeAt().isNone() && !running.definitions().hasLooked()) {
            settle(running);
            running.definitions().look(true);
        }
        boolean nothingFound =
                running.held().wakeAt().isNone() && running.definitions().found().isNone();
        held = running.held().stillHeld();
        return nothingFound;
    }

    /** Whether the target is reached. */
    private boolean applyNext(Running running, Target target) throws InterruptedException {
        ChangeReader reader = running.reader();
        Applier applier = running.applier();
        List<ChangeEvent> events = reader.take(applier.isCollecting() ? MORE_WITHIN : TAKE_AT_MOST);
        if (settings.options().setsAllowed()) {
            applier.backlog(progress.queuedBytes.get());
        }
        for (ChangeEvent event : events) {
            if (target.endsBefore(event)) {
                return true;
            }
            applier.apply(event);
            if (target.isExact() && target.endsAfter(event)) {
                return true;
            }
            if (stop.requested()) {
                return false;
            }
        }
        if (reader.isEmpty() && (events.isEmpty() || !applier.isCollecting())) {
            applier.idle();
        }
        acknowledge(running);
        return !target.isExact() && target.isReached(applier.applied());
    }

    private void forget(SpoolBacklog spooled) {
        try (Session destination = ends.destination().open()) {
            spooled.remove(destination);
        }
        log.info("All that was spooled is applied; the spool is removed.");
    }

    private ExitCode reached() {
        saySkipped();
        if (!held.isEmpty()) {
            log.error(
                    "Reached %s, but %s held: what has changed in them since waits in warp.held"
                            .formatted(
                                    progress.applied(),
                                    held.size() == 1
                                            ? "table " + held.getFirst() + " is"
                                            : held.size() + " tables are"),
                    List.of("What to do stands with each of them above; then run again."));
            return ExitCode.NEEDS_PERSON;
        }
        log.info(
                "Reached %s, as asked. Slot %s goes on holding back the source's log: run again to go on, or with --clean when you are done."
                        .formatted(progress.applied(), settings.slot()));
        return ExitCode.DONE;
    }

    /**
     * Commits what is whole, and tells the source. A transaction under way is left to the next run.
     */
    private void settle(Running running) {
        running.applier().settle();
        acknowledge(running);
    }

    private void acknowledge(Running running) {
        Lsn durable = running.applier().durable();
        running.reader().acknowledge(durable);
        if (running.spooled().isConsumed(durable) && !stop.requested()) {
            forget(running.spooled());
        }
    }

    private void saySkipped() {
        long skipped = progress.skipped.sum();
        if (skipped > 0) {
            log.warn(
                    "%,d updates and deletes of tables without a key were left out, as asked for (inserts-only)"
                            .formatted(skipped));
        }
    }

    private ExitCode stopped() {
        saySkipped();
        log.info(
                "Everything up to %s is applied; slot %s keeps the changes since then."
                        .formatted(progress.applied(), settings.slot()));
        return stop.exitCode().orElse(ExitCode.INTERRUPTED);
    }

    private WarpException stateGone() {
        return new WarpException(
                        ErrorCode.STATE,
                        "the state of slot %s is gone from schema warp".formatted(settings.slot()))
                .at(warp.model.Side.DESTINATION)
                .hint("Start over: run the same command with --clean, then without.");
    }
}
