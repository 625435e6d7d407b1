package warp.migration;

import java.util.List;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.postgres.SourceCatalog;
import warp.progress.EventLog;
import warp.progress.Progress;

/**
 * Looks at the source every few seconds while changes are replicated: where its log is, and a
 * heartbeat now and then so that an idle database's slot goes on moving. A source that does not
 * answer is the reader's matter; here it is only tried again. For one thread.
 */
final class SourceWatch implements AutoCloseable {

    private static final int HEARTBEAT_EVERY = 2;

    private final LentSession source;
    private final Progress progress;
    private final EventLog log;
    private int looks;
    private boolean heartbeatRefused;

    /**
     * @param source closed with it
     */
    SourceWatch(LentSession source, Progress progress, EventLog log) {
        this.source = source;
        this.progress = progress;
        this.log = log;
    }

    /** One look. Never throws. */
    void look() {
        try {
            SourceCatalog catalog = new SourceCatalog(source.get());
            if (looks++ % HEARTBEAT_EVERY == 0) {
                heartbeat(catalog);
            }
            progress.sourceEnd(catalog.currentPosition());
        } catch (WarpException problem) {
            log.detail("The source's position could not be read: " + problem.report());
            close();
        }
    }

    private void heartbeat(SourceCatalog catalog) {
        if (heartbeatRefused) {
            return;
        }
        try {
            catalog.heartbeat();
        } catch (WarpException problem) {
            if (problem.code().retry() == ErrorCode.Retry.LATER) {
                throw problem;
            }
            heartbeatRefused = true;
            log.warn(
                    "No heartbeats: " + problem.report(),
                    List.of(
                            "On an idle database the slot will hold back log until the next"
                                    + " change."));
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
