package warp.postgres.wire;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a conversation is over though nobody said so: a machine that lost its power, a
 * firewall that forgot the connection, a proxy that passes nothing on, a server that was stopped
 * where it stood. TCP tells of the first at best, after long; and a statement may rightly take
 * hours without a word. So who has waited for too long asks a {@link Witness}: whether the server
 * can be reached at all, and what it thinks of this session.
 *
 * <p><b>The rule.</b> A wait is cut where the witness finds the server unreachable, where its
 * process for the session is gone, or where it finds twice, some moments apart, that the process
 * waits for us while we wait for it: something between the two was lost and will never come. A
 * process that works, or waits for a lock, is waited for as long as it takes.
 *
 * <p>The threads of the session say when they wait; the vigil's own looks at them. A wait that ends
 * meanwhile is never cut.
 */
public final class Vigil implements AutoCloseable {

    /** A server that works at something else in one moment may wait for us in the next. */
    private static final Duration BETWEEN_FINDINGS = Duration.ofSeconds(2);

    private static final long NONE = Long.MIN_VALUE;

    private final Duration silenceMax;
    private final Witness witness;
    private final Runnable cut;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile long reads = NONE;
    private volatile long writes = NONE;
    private volatile @Nullable String verdict;

    /** Who can tell about the server's process for a session. */
    @FunctionalInterface
    public interface Witness {
        /** Looks; may take some seconds, not more. Never throws. */
        Finding look();
    }

    /** What a witness found. */
    public sealed interface Finding {
        /** The process works, or nothing can be told. */
        record Working() implements Finding {}

        /** The process waits for what we send, or for us to take what it sends. */
        record WaitsForUs() implements Finding {}

        /** The process, or the whole server, is not there. */
        record Gone(String why) implements Finding {}
    }

    private Vigil(Duration silenceMax, Witness witness, Runnable cut) {
        this.silenceMax = silenceMax;
        this.witness = witness;
        this.cut = cut;
    }

    /**
     * Watches from now on, until closed.
     *
     * @param silenceMax how long a wait may take before it is looked into; zero for ever
     * @param cut ends the connection at once, without waiting for anybody
     */
    public static Vigil start(Duration silenceMax, Witness witness, Runnable cut) {
        Vigil vigil = new Vigil(silenceMax, witness, cut);
        if (silenceMax.isPositive()) {
            Thread.ofVirtual().name("vigil").start(vigil::watch);
        }
        return vigil;
    }

    /** One that sees nothing. */
    static Vigil none() {
        return new Vigil(Duration.ZERO, Finding.Working::new, () -> {});
    }

    /** A wait for what the server sends begins. By one thread at a time. */
    public void reads() {
        reads = System.nanoTime();
    }

    /** Something came, or the wait is over otherwise. */
    public void read() {
        reads = NONE;
    }

    void writes() {
        writes = System.nanoTime();
    }

    void wrote() {
        writes = NONE;
    }

    /** How long what is read has been waited for; zero where nobody waits. */
    Duration silence() {
        long since = reads;
        return since == NONE ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** How long a wait may take before it is looked into; zero for ever. */
    Duration silenceMax() {
        return silenceMax;
    }

    /** Why the connection was cut; null where it was not, or not by this. */
    public @Nullable String verdict() {
        return verdict;
    }

    private void watch() {
        try {
            // From a tenth of a second, for tests, to five.
            long tick = Math.min(Math.max(silenceMax.toMillis() / 5, 100), 5000);
            long doubted = NONE;
            long lookedAt = System.nanoTime() - silenceMax.toNanos();
            while (!over.await(tick, TimeUnit.MILLISECONDS)) {
                long wait = longestWait();
                long now = System.nanoTime();
                if (wait == NONE || now - wait < silenceMax.toNanos()) {
                    continue;
                }
                Duration pause = wait == doubted ? BETWEEN_FINDINGS : silenceMax;
                if (now - lookedAt < Math.min(pause.toNanos(), silenceMax.toNanos())) {
                    continue;
                }
                Finding finding = witness.look();
                lookedAt = System.nanoTime();
                if (longestWait() != wait) {
                    continue; // Something came after all.
                }
                boolean again = wait == doubted;
                doubted = finding instanceof Finding.WaitsForUs ? wait : NONE;
                String reason = reason(finding, again);
                if (reason != null) {
                    long seconds = Duration.ofNanos(lookedAt - wait).toSeconds();
                    verdict = "nothing has come through for %d s, %s".formatted(seconds, reason);
                    cut.run();
                    return;
                }
            }
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String reason(Finding finding, boolean again) {
        return switch (finding) {
            case Finding.Gone gone -> gone.why();
            case Finding.WaitsForUs _ when again ->
                    "and the server waits for us: the network lost something between";
            case Finding.WaitsForUs _, Finding.Working _ -> null;
        };
    }

    private long longestWait() {
        long one = reads;
        long other = writes;
        if (one == NONE || other == NONE) {
            return one == NONE ? other : one;
        }
        return one - other < 0 ? one : other;
    }

    /** The session has ended by itself. */
    @Override
    public void close() {
        over.countDown();
    }
}
