package warp.migration;

import java.util.Locale;
import warp.config.ByteSize;
import warp.progress.Progress;

/** The line that says how far the copy is, every few seconds. For one thread. */
final class CopyLine {

    private static final double MEGABYTE = 1024.0 * 1024.0;

    private final Progress progress;
    private final long startNanos;

    CopyLine(Progress progress, long nowNanos) {
        this.progress = progress;
        this.startNanos = nowNanos;
    }

    /**
     * The line for now. The share is of chunks' estimated sizes at the source, so it is rough; the
     * time left follows from it and is left out while there is too little to go by.
     */
    String next(long nowNanos) {
        double seconds = Math.max(nowNanos - startNanos, 1) / 1e9;
        long chunksAll = progress.chunksAll.get();
        long chunks = progress.chunksDone.sum();
        double megabytes = progress.copiedBytes.sum() / MEGABYTE;
        if (chunksAll > 0 && chunks >= chunksAll) {
            return String.format(
                    Locale.ROOT,
                    "Copy: all rows are there; indexes, keys and statistics: %d of %d%s",
                    progress.indexesDone.sum(),
                    progress.indexesAll.get(),
                    spool());
        }
        String left = "";
        if (chunks > 0 && chunksAll > 0) {
            double remaining = seconds / chunks * (chunksAll - chunks);
            left = String.format(Locale.ROOT, ", about %.0f s left", Math.ceil(remaining));
        }
        return String.format(
                Locale.ROOT,
                "Copy: %s%d of %d chunks, %,d rows, %,.0f MB, %.0f MB/s%s%s%s",
                files(),
                chunks,
                chunksAll,
                progress.copiedRows.sum(),
                megabytes,
                megabytes / seconds,
                left,
                spool(),
                StatsLine.paused(progress.throttle.held(nowNanos)));
    }

    /** Where rows go through files: how far reading is ahead, and what holds it up. */
    private String files() {
        long read = progress.chunksRead.sum();
        if (read == 0) {
            return "";
        }
        String room = new ByteSize(progress.stagedBytes.get()).rounded();
        long max = progress.stagedBytesMax.get();
        boolean waits = progress.readersWaiting.get() > 0;
        return "%d read (%s in files%s), "
                .formatted(
                        read,
                        room,
                        waits
                                ? "; reading waits: no more than %s by --tmp-dir-max"
                                        .formatted(new ByteSize(max).rounded())
                                : "");
    }

    private String spool() {
        long bytes = progress.spooledBytes.get();
        return bytes == 0 ? "" : String.format(Locale.ROOT, ", spool: %.1f MB", bytes / MEGABYTE);
    }
}
