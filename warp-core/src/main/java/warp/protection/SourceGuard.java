package warp.protection;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.config.ByteSize;
import warp.config.SourceOptions;
import warp.config.TimeSpan;
import warp.error.WarpException;
import warp.postgres.CloudCatalog;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Progress;
import warp.sql.Remedies;

/**
 * Looks at the source every second or so, in every phase, through a session of its own: says what
 * may do harm there, holds Warp up while the source is too busy, and tells when Warp must end for
 * the source's sake. It only reads. For one thread.
 *
 * <p>A source that does not answer is the business of whoever works with it; here the next look
 * tries again. What cannot be looked at holds nothing up.
 */
public final class SourceGuard implements AutoCloseable {

    /** From this share of the limit on, changes are read however busy the source is. */
    private static final double READ_ANYWAY = 0.5;

    /** Looks without the slot, all the while it is needed, before it counts as gone. */
    private static final int MISSING_LOOKS = 3;

    private static final int FAILED_LOOKS = 5;

    private final Connector source;
    private final String slot;
    private final String applicationName;
    private final SourceOptions options;
    private final Progress progress;
    private final EventLog log;
    private final Concerns concerns;
    private final Announcements announcements;
    private final Optional<WalLimit> limit;
    private final LoadLook loadLook;
    private final LoadJudge loadJudge;
    private @Nullable Session session;
    private Remedies remedies = Remedies.of(Optional.empty());
    private boolean readAnyway;
    private int missing;
    private int failed;

    /**
     * @param applicationName of all of Warp's sessions
     * @param patience how long a slot beyond the limit that is being read may go without shrinking
     */
    public SourceGuard(
            Connector source,
            String slot,
            String applicationName,
            SourceOptions options,
            Duration patience,
            Progress progress,
            EventLog log) {
        this.source = source;
        this.slot = slot;
        this.applicationName = applicationName;
        this.options = options;
        this.progress = progress;
        this.log = log;
        this.concerns = new Concerns(slot, options);
        this.announcements = new Announcements(log);
        this.limit = options.walMax().map(most -> new WalLimit(most, patience));
        this.loadLook = new LoadLook(options, applicationName, log);
        this.loadJudge = new LoadJudge(options);
        progress.throttle.limit(options.copyRateMax().map(ByteSize::bytes).orElse(0L));
    }

    /** What a look comes to. */
    public sealed interface Verdict {
        /** Nothing that Warp would have to end for. */
        record GoOn() implements Verdict {}

        /** The slot holds back more than it may. */
        record Exceeded(ByteSize held) implements Verdict {}

        /** The slot is lost: what is being done is in vain. */
        record Lost(SlotLoss loss) implements Verdict {}
    }

    /** One look. Never throws. */
    public Verdict look(long nowNanos) {
        try {
            Session open = session;
            if (open == null) {
                open = source.open();
                session = open;
                remedies = Remedies.of(CloudCatalog.of(open));
            }
            SourceState state = SourceLook.read(open, applicationName, slot);
            List<Concern> now = concerns.after(nowNanos, state, remedies);
            Verdict verdict = judge(state, nowNanos);
            if (verdict instanceof Verdict.GoOn) {
                now.forEach(concern -> announcements.heard(concern, nowNanos));
            }
            if (options.watchesLoad()) {
                throttle(loadLook.read(open, state.position(), nowNanos), state, nowNanos);
            }
            failed = 0;
            return verdict;
        } catch (WarpException problem) {
            log.detail("The source could not be looked at: " + problem.report());
            close();
            if (++failed == FAILED_LOOKS) {
                goOn(nowNanos, "the source cannot be looked at any more");
            }
            return new Verdict.GoOn();
        }
    }

    private Verdict judge(SourceState state, long nowNanos) {
        SlotState now = state.slot().orElse(null);
        missing = now == null && progress.slotNeeded() ? missing + 1 : 0;
        if (missing >= MISSING_LOOKS) {
            return new Verdict.Lost(SlotLoss.dropped(slot));
        } else if (progress.slotNeeded() && now != null && now.lost()) {
            return new Verdict.Lost(
                    SlotLoss.invalidated(
                            slot,
                            now.invalidation(),
                            state.keepBytes().map(ByteSize::new),
                            remedies));
        }
        return limit.flatMap(it -> it.exceeded(nowNanos, state))
                .<Verdict>map(Verdict.Exceeded::new)
                .orElseGet(Verdict.GoOn::new);
    }

    private void throttle(LoadState load, SourceState state, long nowNanos) {
        boolean before = progress.throttle.held(nowNanos).isPresent();
        Optional<String> reason = loadJudge.after(load);
        if (reason.isPresent()) {
            boolean read =
                    options.walMax()
                            .filter(most -> state.heldBytes() >= most.bytes() * READ_ANYWAY)
                            .isPresent();
            progress.throttle.hold(reason.get(), read, nowNanos);
            if (!before) {
                log.info("Pausing: " + reason.get());
            }
            if (read && !readAnyway) {
                log.info(
                        "Changes are read all the same: the slot holds back more than half of"
                                + " --max-source-wal.");
            }
            readAnyway = read;
        } else {
            goOn(nowNanos, "the source is calm");
        }
    }

    private void goOn(long nowNanos, String why) {
        if (progress.throttle.held(nowNanos).isPresent()) {
            Duration time = progress.throttle.release(nowNanos);
            log.info("Going on after %s: %s".formatted(TimeSpan.rounded(time), why));
        }
    }

    /** Ends its session; the next look opens another. */
    @Override
    public void close() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
