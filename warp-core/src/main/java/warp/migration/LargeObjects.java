package warp.migration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.largeobjects.Brought;
import warp.largeobjects.LargeObjectPass;
import warp.largeobjects.LargeObjectPass.Glance;
import warp.largeobjects.Occupied;
import warp.largeobjects.PassRequest;
import warp.model.Side;
import warp.postgres.ExportedSnapshot;
import warp.postgres.PgDump;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Prompt;
import warp.progress.StopSignal;
import warp.state.LargeObjectStore;

/**
 * The large objects of a migration: copied with the tables, watched while changes are replicated,
 * and brought over at each end point, since logical decoding does not carry them.
 *
 * <p>While replicating, the source is glanced at once a minute, which costs it nothing; where that
 * shows writes, a pass brings them, no more often than it takes a twentieth of the time. Whether
 * nothing was written a glance cannot tell for sure, so every end point makes a pass. One pass runs
 * at a time. For any thread.
 */
final class LargeObjects implements AutoCloseable {

    private static final Duration PAUSE_MIN = Duration.ofSeconds(60);
    private static final int PAUSE_TO_PASS = 20;
    private static final int WORKERS_MAX = 4;
    private static final int SAMPLE_MAX = 10;
    private static final String CATCH_UP =
            "When the application has stopped, run the same command with --until caught-up: it"
                    + " brings every change of large objects.";

    private final Ends ends;
    private final MigrationSettings settings;
    private final EventLog log;
    private final Patience patience;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable LargeObjectPass running;
    private @Nullable String seen;
    private volatile boolean any;
    private boolean told;

    LargeObjects(Ends ends, MigrationSettings settings, EventLog log, Patience patience) {
        this.patience = patience;
        this.ends = ends;
        this.settings = settings;
        this.log = log;
    }

    private boolean wanted() {
        return settings.options().largeObjects();
    }

    /** Says which of the destination's would make way. */
    void announce(Session source, Session destination) {
        Occupied occupied = occupied(source, destination);
        if (occupied.count() > 0) {
            log.info("Note: " + question(occupied) + " comes after a yes only.");
        }
    }

    /**
     * Asks whether large objects of the destination that have the source's OIDs may make way.
     *
     * @throws WarpException REFUSED where the answer is not yes
     */
    void requireConsent(Session source, Session destination, Prompt prompt) {
        Occupied occupied = occupied(source, destination);
        if (occupied.count() == 0 || settings.assumeYes()) {
            return;
        }
        if (!prompt.confirm(question(occupied))) {
            throw new WarpException(
                            ErrorCode.REFUSED,
                            "the destination's large objects may not be replaced: nothing was"
                                    + " changed")
                    .at(Side.DESTINATION)
                    .hint("Answer yes, or give --yes; or leave them out: --no-large-objects.");
        }
    }

    private Occupied occupied(Session source, Session destination) {
        return wanted()
                ? Occupied.find(source, destination, settings.slot())
                : new Occupied(0, List.of());
    }

    private String question(Occupied occupied) {
        return "Replace on destination %s %s that the source has too (%s)"
                .formatted(
                        settings.destination().display(),
                        counted(occupied.count()),
                        oids(occupied.count(), occupied.sample()));
    }

    /**
     * Copies them as the snapshot shows them. A stop cuts it short.
     *
     * @param source asked whether there are any; what is gone by now need not be copied
     */
    void copy(
            Session source,
            Session destination,
            ExportedSnapshot snapshot,
            int workers,
            StopSignal stop)
            throws InterruptedException {
        if (!wanted() || areNone(source, destination)) {
            return;
        }
        Brought brought =
                pass(request(snapshot.name(), Math.min(workers, WORKERS_MAX), true), stop);
        if (brought.changed()) {
            log.info(
                    "Copied %s (%,d MB)".formatted(counted(brought.made()), brought.bytes() >> 20));
        }
        complain(brought);
    }

    private boolean areNone(Session source, Session destination) {
        return !Glance.at(source).any()
                && new LargeObjectStore(destination, settings.slot()).isEmpty();
    }

    /**
     * Watches from now on, until closed, on a thread of its own.
     *
     * @param source to be glanced at; closed in the end
     */
    LargeObjects start(LentSession source) {
        if (wanted()) {
            Thread.ofVirtual().name("large-objects").start(() -> watch(source));
        }
        return this;
    }

    private void watch(LentSession source) {
        try (source) {
            Duration pause = Duration.ZERO;
            while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = lookNowAndThen(source);
            }
        } catch (InterruptedException stopped) {
            // Nobody interrupts it; closing cuts its sessions.
        }
    }

    /** Never throws a WarpException; tells when to look again. */
    private Duration lookNowAndThen(LentSession source) throws InterruptedException {
        long start = System.nanoTime();
        try {
            Glance glance = Glance.at(source.get());
            any = glance.any();
            boolean first = seen == null;
            // What is dear to compare is not compared without a reason.
            if (first ? glance.any() && glance.readable() : !glance.counters().equals(seen)) {
                Brought brought = pass(request(null, 1, false), new StopSignal());
                if (brought.changed()) {
                    found(brought);
                }
            }
            seen = glance.counters();
        } catch (WarpException problem) {
            source.close();
            if (closing.getCount() > 0) {
                log.detail("The large objects could not be compared: " + problem.report());
            }
        }
        Duration pause = Duration.ofNanos(System.nanoTime() - start).multipliedBy(PAUSE_TO_PASS);
        return pause.compareTo(PAUSE_MIN) > 0 ? pause : PAUSE_MIN;
    }

    private void found(Brought brought) {
        String line =
                "Large objects: %,d new or changed at the source, %,d dropped; brought over"
                        .formatted(brought.made(), brought.dropped());
        if (told) {
            log.info(line);
        } else {
            told = true;
            log.warn(line, List.of(CATCH_UP));
        }
    }

    /**
     * Makes the destination's like the source's are now, and says what came of it. A stop cuts it
     * short.
     *
     * @param source asked whether there is anything to do
     * @param destination asked the same
     * @throws WarpException where a connection is lost or a server refuses
     */
    void bring(Session source, Session destination, StopSignal stop) throws InterruptedException {
        if (!wanted() || areNone(source, destination)) {
            return;
        }
        Brought brought = pass(request(null, WORKERS_MAX, false), stop);
        if (brought.changed()) {
            log.info(
                    "Brought %s that were new or changed, dropped %s"
                            .formatted(counted(brought.made()), counted(brought.dropped())));
        }
        complain(brought);
    }

    /** Where a person waits for Warp to end there is no time to compare: says so. */
    void sayAtStop() {
        if (wanted() && any) {
            log.warn(
                    "Large objects may stand behind the source's by up to a minute",
                    List.of(CATCH_UP));
        }
    }

    private void complain(Brought brought) {
        if (brought.unreadableAll() > 0) {
            log.warn(
                    "%s may not be read at the source, and were left out: %s"
                            .formatted(
                                    counted(brought.unreadableAll()),
                                    oids(brought.unreadableAll(), brought.unreadable())),
                    List.of(
                            "GRANT SELECT ON LARGE OBJECT %d TO \"%s\"; then --until caught-up"
                                    .formatted(
                                            brought.unreadable().getFirst(),
                                            settings.source().user())));
        }
        if (brought.occupiedAll() > 0) {
            log.warn(
                    "%s of the destination have OIDs that the source gave to new ones, and stay: %s"
                            .formatted(
                                    counted(brought.occupiedAll()),
                                    oids(brought.occupiedAll(), brought.occupied())),
                    List.of(
                            "if nothing needs it there: SELECT lo_unlink(%d); then --until caught-up"
                                    .formatted(brought.occupied().getFirst())));
        }
    }

    private PassRequest request(@Nullable String snapshot, int workers, boolean replacing) {
        var schema = settings.options().schema();
        return new PassRequest(
                ends.source(),
                ends.destination(),
                settings.slot(),
                snapshot,
                workers,
                new PgDump.Access(!schema.noOwner(), !schema.noAcl()),
                replacing,
                patience);
    }

    private Brought pass(PassRequest request, StopSignal stop) throws InterruptedException {
        LargeObjectPass pass = new LargeObjectPass(request);
        Runnable end = pass::stop;
        synchronized (this) {
            while (running != null) {
                wait();
            }
            running = pass;
        }
        stop.onStop(end);
        try {
            if (closing.getCount() == 0) {
                pass.stop();
            }
            return pass.run();
        } finally {
            stop.forget(end);
            synchronized (this) {
                running = null;
                notifyAll();
            }
        }
    }

    private static String counted(long objects) {
        return "%,d large object%s".formatted(objects, objects == 1 ? "" : "s");
    }

    private static String oids(long all, List<Long> sample) {
        String named =
                sample.stream()
                        .limit(SAMPLE_MAX)
                        .map(Object::toString)
                        .collect(Collectors.joining(", "));
        return all > sample.size() ? named + ", …" : named;
    }

    @Override
    public void close() {
        closing.countDown();
        LargeObjectPass pass;
        synchronized (this) {
            pass = running;
        }
        if (pass != null) {
            pass.stop();
        }
    }
}
