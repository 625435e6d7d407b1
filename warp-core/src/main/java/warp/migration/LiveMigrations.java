package warp.migration;

import java.time.Duration;
import java.util.function.Consumer;
import warp.config.MigrationSettings;
import warp.config.Warning;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Prompt;
import warp.progress.StopSignal;

/** Migrations between real servers. Holds nothing: each call is a migration of its own. */
public final class LiveMigrations implements Migrations {

    private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(5);

    /** Who only looks has nothing to finish. */
    private static final Duration LOOKS_AWAY = Duration.ofMillis(100);

    @Override
    public ExitCode run(MigrationSettings settings, EventLog log, Prompt prompt, StopSignal stop)
            throws InterruptedException {
        // Its own: what a migration ends for does not end the others.
        StopSignal own = StopSignal.within(stop);
        Patience patience = new Patience(settings.options().retryFor(), log, own);
        Ends ends = Ends.of(settings, log);
        try {
            return stoppable(
                    own,
                    () -> {
                        if (settings.options().staging().restoreOnly()) {
                            return patience.trying(
                                    new RestoreOnly(settings, log, own, patience)::run);
                        }
                        try (Logins logins = new Logins(ends)) {
                            MigrationSettings complete =
                                    patience.trying(() -> withoutOwn(settings, logins, log));
                            return new Migration(complete, ends, logins, log, prompt, own, patience)
                                    .run();
                        }
                    });
        } finally {
            own.leave();
        }
    }

    /** A session that failed does not serve for another attempt. */
    private static MigrationSettings withoutOwn(
            MigrationSettings settings, Logins logins, EventLog log) {
        try {
            return OwnSchemas.leftOut(settings, logins, log);
        } catch (WarpException problem) {
            logins.close();
            throw problem;
        }
    }

    @Override
    public ExitCode check(MigrationSettings settings, EventLog log, Prompt prompt, StopSignal stop)
            throws InterruptedException {
        // A person waits for its answer: nothing is tried again.
        Patience none = new Patience(Duration.ZERO, log, stop);
        Ends ends = Ends.of(settings, log);
        return stoppable(
                stop,
                () -> {
                    try (Logins logins = new Logins(ends)) {
                        MigrationSettings own = OwnSchemas.leftOut(settings, logins, log);
                        return new Migration(own, ends, logins, log, prompt, stop, none).check();
                    }
                });
    }

    @Override
    public MigrationStatus status(
            MigrationSettings settings, Consumer<Warning> warnings, StopSignal stop)
            throws InterruptedException {
        Thread reader = Thread.currentThread();
        try (CutAtStop _ = new CutAtStop(stop, LOOKS_AWAY, reader::interrupt)) {
            return new StatusReading(settings, warnings).read();
        }
    }

    @Override
    public ExitCode clean(
            MigrationSettings settings, EventLog log, Prompt prompt, StopSignal stop, boolean full)
            throws InterruptedException {
        return stoppable(
                stop,
                () -> {
                    ExitCode code = new Cleaning(settings, log, stop).run();
                    if (full) {
                        Staging.remove(settings, prompt, log);
                    } else {
                        Staging.leftBehind(settings)
                                .ifPresent(folder ->
                                        log.info(folder + " is left; --clean-full removes it."));
                    }
                    return code;
                });
    }

    private interface Work {
        ExitCode run() throws InterruptedException;
    }

    /**
     * A stop cuts connections under way; what fails because of that is not an error. What nobody
     * else cuts, such as a login that gets no answer, is interrupted, which closes its socket.
     */
    private static ExitCode stoppable(StopSignal stop, Work work) throws InterruptedException {
        Thread worker = Thread.currentThread();
        try (CutAtStop _ = new CutAtStop(stop, STOPS_BY_ITSELF, worker::interrupt)) {
            return work.run();
        } catch (WarpException problem) {
            if (stop.requested() && follows(problem.code())) {
                return stop.exitCode().orElse(ExitCode.INTERRUPTED);
            }
            throw problem;
        }
    }

    private static boolean follows(ErrorCode code) {
        return switch (code) {
            case INTERRUPTED, CONNECTION, TRANSIENT, READ_ONLY -> true;
            case USAGE,
                    CONFIG,
                    CHECK,
                    REFUSED,
                    LOGIN,
                    OUT_OF_SPACE,
                    PRIVILEGE,
                    STATEMENT,
                    MALFORMED,
                    CONFLICT,
                    STATE,
                    FILE ->
                    false;
        };
    }
}
