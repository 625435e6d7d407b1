package warp.migration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import warp.config.ByteSize;
import warp.config.MigrationSettings;
import warp.config.SlotNames;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.progress.EventLog;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.spool.Spool;
import warp.spool.SpoolDrain;
import warp.spool.SpoolIdentity;
import warp.spool.SpoolLimits;
import warp.state.MigrationRecord;
import warp.state.MigrationStore;
import warp.state.SpoolStore;

/**
 * Drains the slot into a spool while tables are copied and indexes built, where {@code --spool-dir}
 * asks for it.
 *
 * <p>It never stands in the way of the copy: what it cannot do the slot does, which then holds back
 * the source's log as without a spool; that is said. Where the spool is, is durable at the
 * destination before the source is told of anything in it.
 *
 * <p>{@link #begin} and {@link #close} are for the migration's thread; draining has one of its own.
 */
final class Spooling implements AutoCloseable {

    private static final Duration PAUSE_MIN = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
    private static final String IN_USE = "55006";

    private final MigrationSettings settings;
    private final Ends ends;
    private final Progress progress;
    private final EventLog log;
    private final StopSignal stop;
    private @Nullable Draining draining;

    Spooling(Run run) {
        this.settings = run.settings();
        this.ends = run.ends();
        this.progress = run.progress();
        this.log = run.log();
        this.stop = run.stop();
    }

    /** Sees that what was asked for can be done, before anything is changed. */
    static void check(MigrationSettings settings) {
        settings.options()
                .spool()
                .folderAsked()
                .map(Path::of)
                .ifPresent(SpoolPlaces::requireUsable);
    }

    /**
     * Begins to drain, or goes on with what an earlier run has begun. The slot and the progress are
     * there.
     *
     * @throws WarpException STATE where the source was told of changes that are lost
     */
    void begin(Session source, Session destination) throws InterruptedException {
        boolean asked = settings.options().spool().folderAsked().isPresent();
        if (draining != null || !(asked || isNoted(destination))) {
            return;
        }
        MigrationStore store = new MigrationStore(destination, settings.slot());
        MigrationRecord record = store.find().orElseThrow();
        Lsn from = store.progress().orElseThrow();
        SourceCatalog catalog = new SourceCatalog(source);
        try (SpoolBacklog earlier = SpoolBacklog.find(settings, record, destination, progress)) {
            ResumePoint.verify(
                    catalog, settings.slot(), settings.source().database(), from, earlier, stop);
            Optional<Path> parent = settings.options().spool().folderAsked().map(Path::of);
            if (parent.isPresent()) {
                open(parent.get(), earlier, record, destination, from)
                        .ifPresent(spool -> drain(parent.get(), spool, start(catalog, record)));
            }
        }
    }

    private boolean isNoted(Session destination) {
        return new SpoolStore(destination, settings.slot()).find().isPresent();
    }

    private StreamStart start(SourceCatalog catalog, MigrationRecord record) {
        String inserts = SlotNames.insertsPublication(settings.slot());
        return new StreamStart(
                ends.source(),
                settings.slot(),
                record.plugin(),
                catalog.hasPublication(inserts)
                        ? List.of(settings.slot(), inserts)
                        : List.of(settings.slot()),
                log);
    }

    /** The spool to write to; empty where none can be made. */
    private Optional<Spool> open(
            Path parent,
            SpoolBacklog earlier,
            MigrationRecord record,
            Session destination,
            Lsn from) {
        Optional<Spool> found = earlier.take(from);
        try {
            if (found.isPresent()) {
                note(found.get().identity(), found.get().folder(), destination);
            } else {
                found = Optional.of(create(parent, earlier, record, destination, from));
            }
            return found;
        } catch (WarpException problem) {
            found.ifPresent(Spool::close);
            if (problem.side().isPresent()) {
                throw problem;
            }
            sayItEnds(problem, from);
            return Optional.empty();
        }
    }

    private Spool create(
            Path parent,
            SpoolBacklog earlier,
            MigrationRecord record,
            Session destination,
            Lsn from) {
        earlier.remove(destination);
        SpoolIdentity identity = SpoolBacklog.identity(newId(), record);
        Spool.removeLeftovers(parent, identity)
                .forEach(old -> log.info("Removed " + old + ", an earlier spool."));
        // First: a folder that nobody knows of would stay for ever, one that is not there does no
        // harm.
        note(identity, Spool.folder(parent, identity), destination);
        return Spool.create(parent, identity, from, progress);
    }

    private void note(SpoolIdentity identity, Path folder, Session destination) {
        new SpoolStore(destination, settings.slot())
                .put(
                        new SpoolStore.Place(
                                identity.id(), SpoolPlaces.thisHost(), folder.toString()));
    }

    private static String newId() {
        return "%016x".formatted(ThreadLocalRandom.current().nextLong());
    }

    private void drain(Path parent, Spool spool, StreamStart start) {
        try {
            long bytesMax =
                    settings.options()
                            .spool()
                            .maxAsked()
                            .map(ByteSize::bytes)
                            .orElseGet(() -> SpoolPlaces.usualBytesMax(parent, spool.bytes()));
            SpoolDrain drain = new SpoolDrain(spool, SpoolLimits.ofAtMost(bytesMax), progress);
            log.info(
                    "Spooling changes to %s (at most %s), so that the source may drop its log..."
                            .formatted(spool.folder(), new ByteSize(bytesMax).rounded()));
            Draining begun = new Draining(spool, drain, start);
            draining = begun;
            begun.thread.start();
        } catch (WarpException problem) {
            spool.close();
            sayItEnds(problem, spool.end());
        }
    }

    private void sayItEnds(WarpException problem, Lsn end) {
        log.warn(
                "Spooling ends: %s. Slot %s holds what comes after %s, and the source's log with it"
                        .formatted(problem.summary(), settings.slot(), end),
                problem.hints());
    }

    /** One spool being filled. */
    private final class Draining {
        private final Spool spool;
        private final SpoolDrain drain;
        private final StreamStart start;
        private final CountDownLatch ending = new CountDownLatch(1);
        private final Thread thread;
        private @Nullable RuntimeException defect;
        private Duration pause = PAUSE_MIN;

        private Draining(Spool spool, SpoolDrain drain, StreamStart start) {
            this.spool = spool;
            this.drain = drain;
            this.start = start;
            // As for the reader of changes: the source sends each by itself.
            this.thread = Thread.ofPlatform().daemon().name("warp-spool").unstarted(this::run);
        }

        private void run() {
            try {
                while (ending.getCount() > 0) {
                    attempt();
                }
            } catch (RuntimeException problem) {
                defect = problem;
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
            }
        }

        private void attempt() throws InterruptedException {
            Lsn before = spool.end();
            try {
                drain.run(start::open);
            } catch (WarpException problem) {
                if (ending.getCount() == 0) {
                    return;
                }
                if (!mayPass(problem)) {
                    sayItEnds(problem, spool.end());
                    ending.countDown();
                    return;
                }
                if (spool.end().isAfter(before)) {
                    pause = PAUSE_MIN;
                }
                log.warn(
                        "Spooling is interrupted: %s; trying again in %.1f s"
                                .formatted(problem.summary(), pause.toMillis() / 1000.0));
                ending.await(pause.toMillis(), TimeUnit.MILLISECONDS);
                pause = pause.multipliedBy(2);
                pause = pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
            }
        }

        /** Whoever uses the slot is a walsender that has not noticed yet. */
        private boolean mayPass(WarpException problem) {
            return problem.side().filter(Side.SOURCE::equals).isPresent()
                    && (problem.code().retry() == ErrorCode.Retry.LATER
                            || problem.hasSqlState(IN_USE));
        }

        private void end() {
            ending.countDown();
            drain.stop();
            boolean interrupted = false;
            try {
                thread.join(ENDS_WITHIN);
            } catch (InterruptedException stopped) {
                interrupted = true;
            }
            drain.close();
            spool.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends it; the spool stays, with all that the source was told of. */
    @Override
    public void close() {
        Draining begun = draining;
        draining = null;
        if (begun == null) {
            return;
        }
        begun.end();
        RuntimeException defect = begun.defect;
        if (defect != null) {
            throw defect;
        }
        log.info(
                "Spooled %,d MB, up to %s."
                        .formatted(begun.spool.bytes() >> 20, begun.spool.end()));
    }
}
