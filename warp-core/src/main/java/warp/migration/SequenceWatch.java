package warp.migration;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.SequencePair;
import warp.model.TablePair;
import warp.plan.TablePatterns;
import warp.plan.TableRules;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.StopSignal;
import warp.sequences.Following;
import warp.sequences.SequencePass;
import warp.sequences.SequenceScope;

/**
 * Lets the destination's sequences follow the source's: now and then while changes are replicated,
 * so that little is left to do at the end, and at each end point.
 *
 * <p>A pass over many has sessions of its own: a server keeps some kB in memory for each sequence
 * that a session has looked at, until that ends. One pass runs at a time. For any thread.
 */
final class SequenceWatch implements AutoCloseable {

    /** What is replicated for less long is brought at its end alone. */
    private static final Duration FIRST_AFTER = Duration.ofSeconds(3);

    private static final Duration PAUSE_MIN = Duration.ofSeconds(30);

    /** A pass over very many sequences is made so rarely that it takes a twentieth of the time. */
    private static final int PAUSE_TO_PASS = 20;

    /** How much later Warp ends because of sequences when a person wants it to end. */
    private static final Duration AT_STOP = Duration.ofSeconds(2);

    /** For a server that answers, to hear that its statement is not wanted any more. */
    private static final Duration CUTTING = Duration.ofMillis(500);

    private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(1);

    /** More than so many are not looked at in sessions that go on. */
    private static final int FEW = 1000;

    private static final int NAMES_MAX = 20;

    private final Ends ends;
    private final SequenceScope scope;
    private final EventLog log;
    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean cut;
    private @Nullable List<SequencePair> known;

    private SequenceWatch(Ends ends, SequenceScope scope, EventLog log) {
        this.ends = ends;
        this.scope = scope;
        this.log = log;
    }

    /** For the tables of a migration. */
    static SequenceWatch of(
            Ends ends, MigrationSettings settings, Collection<TablePair> tables, EventLog log) {
        SequenceScope scope =
                new SequenceScope(
                        tables.stream().map(TablePair::name).collect(Collectors.toSet()),
                        TablePatterns.of(settings),
                        TableRules.of(settings.options().rules()));
        return new SequenceWatch(ends, scope, log);
    }

    /** Makes passes from now on, until closed, on a thread of its own. */
    SequenceWatch start() {
        Thread.ofVirtual()
                .name("sequences")
                .start(() -> {
                    try {
                        Duration pause = FIRST_AFTER;
                        while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                            pause = lookNowAndThen();
                        }
                    } catch (InterruptedException stop) {
                        // Nobody interrupts it; closing cuts its sessions.
                    }
                });
        return this;
    }

    /** Never throws; tells when to look again. */
    private Duration lookNowAndThen() {
        long start = System.nanoTime();
        try {
            int set = pass(true).set().size();
            if (set > 0) {
                log.detail("Set %s while replicating".formatted(count(set)));
            }
        } catch (WarpException problem) {
            if (!cut) {
                log.detail("The sequences could not be read or set: " + problem.report());
            }
        }
        Duration pause = Duration.ofNanos(System.nanoTime() - start).multipliedBy(PAUSE_TO_PASS);
        return pause.compareTo(PAUSE_MIN) > 0 ? pause : PAUSE_MIN;
    }

    /**
     * Brings them where the source's are now, and says what came of it. A stop cuts it short.
     *
     * @param source cut at a stop by whoever opened it
     * @param destination the same
     * @throws WarpException where a connection is lost
     */
    void bring(Session source, Session destination, StopSignal stop) {
        try (CutAtStop _ = new CutAtStop(stop, STOPS_BY_ITSELF, this::cut)) {
            say(passOver(source, destination));
        }
    }

    private synchronized Following passOver(Session source, Session destination) {
        List<SequencePair> pairs = scope.pairs(source, destination);
        known = pairs;
        return pairs.size() > FEW ? pass(false) : SequencePass.run(source, destination, pairs);
    }

    /**
     * As {@link #bring}, where a person waits for Warp to end: takes {@link #AT_STOP} at most, and
     * says so where that was not enough. Ends whatever else goes on here.
     */
    void bringAtStop() throws InterruptedException {
        closing.countDown();
        Thread last = Thread.ofVirtual().name("sequences-at-stop").start(this::lookAtStop);
        if (!last.join(AT_STOP)) {
            cut();
            last.join(CUTTING);
            notBrought("a server takes too long to answer");
        }
    }

    private void lookAtStop() {
        try {
            say(pass(false));
        } catch (WarpException problem) {
            if (!cut) {
                notBrought(problem.summary());
            }
        }
    }

    private void notBrought(String reason) {
        log.warn(
                "The sequences may stand behind the source's: " + reason,
                List.of(
                        "Before applications write to the destination, run the same command with"
                                + " --until caught-up."));
    }

    /**
     * @param anew whether to look which sequences there are; else those known will do
     */
    private synchronized Following pass(boolean anew) {
        try (Session source = open(ends.source());
                Session destination = open(ends.destination())) {
            List<SequencePair> pairs = known;
            if (anew || pairs == null) {
                pairs = scope.pairs(source, destination);
                known = pairs;
            }
            return SequencePass.run(source, destination, pairs);
        } finally {
            open.clear();
        }
    }

    private Session open(Connector side) {
        if (cut) {
            throw cutOff(side);
        }
        Session session = side.open();
        open.add(session);
        if (cut) {
            session.close();
            throw cutOff(side);
        }
        return session;
    }

    private static WarpException cutOff(Connector side) {
        return new WarpException(ErrorCode.CONNECTION, "the sequences are not needed any more")
                .at(side.side());
    }

    private void say(Following result) {
        if (!result.set().isEmpty()) {
            log.info("Set %s".formatted(count(result.set().size())));
            log.detail("Set: " + names(result.set()));
        }
        if (!result.further().isEmpty()) {
            log.detail(
                    "%s further at the destination than at the source, and stay: %s"
                            .formatted(count(result.further().size()), names(result.further())));
        }
        if (!result.refused().isEmpty()) {
            log.warn(
                    "%s could not be set: %s"
                            .formatted(count(result.refused().size()), names(result.refused())),
                    List.of(
                            "warp check says what is missing; a sequence that is behind gives out"
                                    + " values that are in use."));
        }
    }

    private static String count(int sequences) {
        return sequences + (sequences == 1 ? " sequence" : " sequences");
    }

    private static String names(List<?> objects) {
        String named =
                objects.stream()
                        .limit(NAMES_MAX)
                        .map(Object::toString)
                        .collect(Collectors.joining(", "));
        int more = objects.size() - NAMES_MAX;
        return more > 0 ? named + " and " + more + " more" : named;
    }

    /** Does not wait for a server that does not answer. */
    private void cut() {
        cut = true;
        open.forEach(session -> Thread.ofVirtual().name("sequences-cut").start(session::abort));
    }

    @Override
    public void close() {
        closing.countDown();
        cut();
    }
}
