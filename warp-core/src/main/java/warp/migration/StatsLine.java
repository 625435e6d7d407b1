package warp.migration;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import warp.config.TimeSpan;
import warp.model.Lsn;
import warp.progress.Progress;
import warp.progress.Throttle;

/**
 * The line of the ancestor that says how fast changes are applied, every few seconds. For one
 * thread.
 */
final class StatsLine {

    private static final double MEGABYTE = 1024.0 * 1024.0;

    private final Progress progress;
    private long sinceNanos;
    private final long[] before = new long[5];

    StatsLine(Progress progress, long nowNanos) {
        this.progress = progress;
        this.sinceNanos = nowNanos;
        counts(before);
    }

    /** The line for what happened since the last one. */
    String next(long nowNanos) {
        double seconds = Math.max(nowNanos - sinceNanos, 1) / 1e9;
        long[] now = new long[before.length];
        counts(now);
        double[] rates = new double[now.length];
        for (int i = 0; i < now.length; i++) {
            rates[i] = (now[i] - before[i]) / seconds;
            before[i] = now[i];
        }
        sinceNanos = nowNanos;
        Lsn applied = progress.applied();
        double lag = progress.sourceEnd().bytesSince(applied) / MEGABYTE;
        return String.format(
                Locale.ROOT,
                "Stats: %.1f TX/s, %.1f inserts/s, %.1f updates/s, %.1f deletes/s, replication:"
                        + " %.0f MB lag | LSN: %s | %.1f messages/s%s%s",
                rates[0],
                rates[1],
                rates[2],
                rates[3],
                lag,
                applied,
                rates[4],
                spool(),
                paused(progress.throttle.held(nowNanos).filter(held -> !held.reading())));
    }

    /** The end of a line while what it tells of is held up. */
    static String paused(Optional<Throttle.Held> reason) {
        return reason.map(held ->
                        " | paused for %s: %s"
                                .formatted(TimeSpan.rounded(held.time()), held.reason()))
                .orElse("");
    }

    private String spool() {
        long bytes = progress.spooledBytes.get();
        return bytes == 0 ? "" : String.format(Locale.ROOT, " | spool: %.1f MB", bytes / MEGABYTE);
    }

    private void counts(long[] into) {
        LongAdder[] counters = {
            progress.transactions,
            progress.inserts,
            progress.updates,
            progress.deletes,
            progress.messages
        };
        for (int i = 0; i < counters.length; i++) {
            into[i] = counters[i].sum();
        }
    }
}
