package warp.migration;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import warp.config.ByteSize;
import warp.config.MigrationSettings;
import warp.config.SourceOptions;
import warp.config.SourceOptions.WalAction;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.progress.EventLog;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.protection.SlotLoss;
import warp.protection.SourceGuard;
import warp.protection.SourceGuard.Verdict;
import warp.sql.Hints;

/**
 * Guards the source from the moment the migration works with it until it ends, whatever phase it is
 * in, and ends it where the source's sake demands it: by the same stop that Ctrl-C makes, so that
 * everything is left as after any stop, and what to do now is said last.
 *
 * <p>With {@link WalAction#DROP} the guarding thread drops the slot itself, as soon as the limit is
 * passed: the source is safe also where the rest of Warp takes long to end. The slot is dropped
 * only after the stop, so nobody acknowledges or reads it any more; whoever is killed in between
 * finds the limit passed again at the next start.
 */
final class SourceProtection implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Without limits that Warp has to keep, a look now and then is enough. */
    private static final Duration EVERY_WITHOUT_LIMITS = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final MigrationSettings settings;
    private final Ends ends;
    private final EventLog log;
    private final StopSignal stop;
    private final SourceGuard guard;
    private final Object ending = new Object();
    private @Nullable Ticker ticker;
    private @Nullable WarpException reason;
    private boolean settled = true;

    SourceProtection(
            MigrationSettings settings,
            Ends ends,
            Progress progress,
            EventLog log,
            StopSignal stop) {
        this(settings, ends, progress, log, stop, PATIENCE);
    }

    /**
     * @param stop of this migration alone
     * @param patience see {@link SourceGuard}
     */
    SourceProtection(
            MigrationSettings settings,
            Ends ends,
            Progress progress,
            EventLog log,
            StopSignal stop,
            Duration patience) {
        this.settings = settings;
        this.ends = ends;
        this.log = log;
        this.stop = stop;
        this.guard =
                new SourceGuard(
                        ends.source(),
                        settings.slot(),
                        Ends.applicationName(settings.slot()),
                        options(),
                        patience,
                        progress,
                        log);
    }

    private SourceOptions options() {
        return settings.options().source();
    }

    /** What a migration does. */
    interface Work {
        ExitCode run() throws InterruptedException;
    }

    /**
     * Does the work; where it had to end for the source's sake, that is what is thrown, whatever
     * the work came to because of the stop.
     */
    ExitCode during(Work work) throws InterruptedException {
        try {
            ExitCode code = work.run();
            throwReason();
            return code;
        } catch (WarpException | InterruptedException ended) {
            throwReason();
            throw ended;
        }
    }

    private void throwReason() {
        boolean interrupted = false;
        synchronized (ending) {
            while (!settled) {
                try {
                    ending.wait();
                } catch (InterruptedException impatient) {
                    // The slot is being dropped, for a minute at most: the end waits for it.
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (reason != null) {
                throw reason;
            }
        }
    }

    /** The source has been reached: from now on it is looked at. Once is enough. */
    void begin() {
        if (ticker != null) {
            return;
        }
        boolean limits = options().walMax().isPresent() || options().watchesLoad();
        ticker = new Ticker("source", limits ? EVERY : EVERY_WITHOUT_LIMITS, this::look);
    }

    private void look() {
        synchronized (ending) {
            if (reason != null) {
                return;
            }
        }
        switch (guard.look(System.nanoTime())) {
            case Verdict.GoOn _ -> {
                // As nearly always.
            }
            case Verdict.Lost(var loss) -> end(loss.error(), false);
            case Verdict.Exceeded(var held) -> {
                boolean drop = options().atWalMax() == WalAction.DROP;
                end(drop ? exceededAndDropped(held) : exceeded(held), drop);
            }
        }
    }

    private void end(WarpException because, boolean drop) {
        synchronized (ending) {
            reason = because;
            settled = !drop;
        }
        log.info("Stopping for the source's sake...");
        stop.request(ExitCode.NEEDS_PERSON);
        if (drop) {
            boolean dropped = false;
            try {
                dropped = dropSlot();
            } finally {
                synchronized (ending) {
                    if (!dropped) {
                        because.hint(
                                "The slot could not be dropped. Run at the source: "
                                        + Hints.dropSlot(settings.slot()));
                    }
                    settled = true;
                    ending.notifyAll();
                }
            }
        }
    }

    private boolean dropSlot() {
        String slot = settings.slot();
        try (Session source = ends.source().open()) {
            SourceCatalog catalog = new SourceCatalog(source);
            SlotRelease.await(catalog, slot, true, new StopSignal());
            catalog.dropSlot(slot);
            log.info("Dropped slot %s on source.".formatted(slot));
            return true;
        } catch (WarpException problem) {
            log.warn("Slot %s could not be dropped: %s".formatted(slot, problem.report()));
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private WarpException tooMuch(ByteSize held) {
        return new WarpException(
                        ErrorCode.STATE,
                        "slot %s holds back %s of the source's log, more than --max-source-wal=%s"
                                .formatted(
                                        settings.slot(),
                                        held.rounded(),
                                        options().walMax().orElseThrow()))
                .at(Side.SOURCE);
    }

    private WarpException exceeded(ByteSize held) {
        ByteSize more = new ByteSize(Math.max(held.bytes(), limitBytes()) * 2);
        return tooMuch(held)
                .hint(
                        "Warp has stopped, but the slot goes on holding back log: the source is"
                                + " safe only once the slot is dropped.")
                .hint(
                        "To go on, where its disk has room: the same command with"
                                + " --max-source-wal=%s."
                                        .formatted(ByteSize.megabytes(more.bytes() >> 20)))
                .hint(
                        "Or let the source drop it while tables are copied: --spool-dir=DIR keeps"
                                + " the changes on this machine's disk.")
                .hint("To give up, which drops the slot: the same command with --clean.");
    }

    private WarpException exceededAndDropped(ByteSize held) {
        return tooMuch(held)
                .hint(
                        "--max-source-wal-action=drop has given the slot up, and with it the"
                                + " changes since: they cannot bring the destination up to date any"
                                + " more.")
                .hint(SlotLoss.REPAIR);
    }

    private long limitBytes() {
        return options().walMax().map(ByteSize::bytes).orElse(0L);
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        guard.close();
    }
}
