package warp.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * Decides, for every phase, whether what failed is tried again, when, and for how long; and says
 * so. Whether trying again can help at all stands with the {@link ErrorCode}.
 *
 * <p>A server that never answered is not waited for unless that was asked for: it is a mistyped
 * host far more often than one that is about to start. From the first meeting with both servers on
 * every passing failure is tried again.
 *
 * <p>One instance a migration, for any thread.
 */
public final class Patience {

    /** How long it goes on where nobody says. */
    public static final Duration USUAL = Duration.ofMinutes(5);

    private final Duration atMost;
    private final boolean asked;
    private final EventLog log;
    private final Waiting waiting;
    private final LongSupplier nanoTime;
    private final @Nullable RandomGenerator random;
    private volatile boolean met;

    /** How a pause is made. */
    interface Waiting {
        /** Waits; false where a stop was requested before or meanwhile. */
        boolean pause(Duration wait) throws InterruptedException;
    }

    /**
     * @param asked how long to go on, zero for never; null where nobody said
     */
    public Patience(@Nullable Duration asked, EventLog log, StopSignal stop) {
        this(asked, log, wait -> pause(wait, stop), System::nanoTime, null);
    }

    /** With time and randomness of its own. */
    Patience(
            @Nullable Duration asked,
            EventLog log,
            Waiting waiting,
            LongSupplier nanoTime,
            @Nullable RandomGenerator random) {
        this.atMost = asked == null ? USUAL : asked;
        this.asked = asked != null;
        this.log = log;
        this.waiting = waiting;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    private static boolean pause(Duration wait, StopSignal stop) throws InterruptedException {
        CountDownLatch stopping = new CountDownLatch(1);
        Runnable end = stopping::countDown;
        stop.onStop(end);
        try {
            return !stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            stop.forget(end);
        }
    }

    /** Both servers have answered: from now on they are waited for. */
    public void met() {
        met = true;
    }

    /** A new series of attempts at one thing. */
    public Attempts attempts() {
        return new Attempts();
    }

    /** What is tried again and again. */
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    /**
     * Does the work, again after passing failures.
     *
     * @throws WarpException what cannot be mended by waiting, or was not; INTERRUPTED at a stop
     */
    public <T> T trying(Work<T> work) throws InterruptedException {
        Attempts attempts = attempts();
        while (true) {
            try {
                return work.run();
            } catch (WarpException problem) {
                if (!attempts.again(problem)) {
                    throw stopped(problem);
                }
            }
        }
    }

    /** What a failure becomes where a stop came while it was to be tried again. */
    public static WarpException stopped(WarpException problem) {
        WarpException stopped =
                new WarpException(
                        ErrorCode.INTERRUPTED,
                        "stopped before trying again after: " + problem.getMessage(),
                        problem);
        problem.side().ifPresent(stopped::at);
        return stopped;
    }

    private static boolean neverAnswered(WarpException problem) {
        return problem.code() == ErrorCode.CONNECTION && problem.sqlState().isEmpty();
    }

    /**
     * Attempts at one thing, by one thread or several that fail for the same reason: their pauses
     * are one, told of once.
     */
    public final class Attempts {

        private final Backoff backoff = new Backoff(atMost, randomness());
        private long pauseUntilNanos;
        private boolean pausing;

        private Attempts() {}

        private RandomGenerator randomness() {
            RandomGenerator own = random;
            return own == null ? RandomGenerator.getDefault() : own;
        }

        /** Something worked: patience begins anew. */
        public synchronized void succeeded() {
            backoff.succeeded();
        }

        /**
         * Waits for the moment of the next attempt.
         *
         * @return false where a stop was requested before it
         * @throws WarpException the problem itself, where trying again does not help or has been
         *     tried for long enough
         */
        public boolean again(WarpException problem) throws InterruptedException {
            return waiting.pause(pauseAfter(problem));
        }

        /**
         * How long to wait before the next attempt, for who waits in a way of its own.
         *
         * @throws WarpException as {@link #again}
         */
        public synchronized Duration pauseAfter(WarpException problem) {
            if (problem.isGivenUp() || problem.code().retry() == ErrorCode.Retry.NEVER) {
                throw problem;
            }
            if (!met && !asked && neverAnswered(problem)) {
                throw problem.hint("To wait for a server that is about to start: --retry-for=5m.");
            }
            long now = nanoTime.getAsLong();
            if (pausing && pauseUntilNanos - now > 0) {
                return Duration.ofNanos(pauseUntilNanos - now);
            }
            Optional<Backoff.Pause> next = backoff.afterFailure(now);
            if (next.isEmpty()) {
                throw givenUp(problem, backoff.failingFor(now));
            }
            Backoff.Pause pause = next.get();
            pausing = true;
            pauseUntilNanos = now + pause.duration().toNanos();
            log.warn(
                    "%s; trying again in %s, then for up to %s"
                            .formatted(
                                    problem.summary(),
                                    spoken(pause.duration()),
                                    spoken(pause.left())),
                    problem.hints());
            return pause.duration();
        }

        private WarpException givenUp(WarpException problem, Duration tried) {
            problem.giveUp();
            if (atMost.isZero()) {
                return problem.hint(
                        "It may pass: run the same command again. Warp does so by itself with"
                                + " --retry-for=5m.");
            }
            return problem.hint(
                    "Tried for %s (--retry-for). When the cause is mended, the same command goes on from here."
                            .formatted(spoken(tried)));
        }
    }

    /** {@code 0.7 s}, {@code 12 s}, {@code 4 min 30 s}. */
    static String spoken(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 10) {
            return "%.1f s".formatted(duration.toMillis() / 1000.0);
        } else if (seconds < 60) {
            return seconds + " s";
        }
        String rest = seconds % 60 == 0 ? "" : " " + seconds % 60 + " s";
        return seconds / 60 + " min" + rest;
    }
}
