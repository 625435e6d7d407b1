package warp.postgres.wire;

import org.jspecify.annotations.Nullable;
import warp.model.Lsn;
import warp.postgres.wire.ChangeStream.Frame;

/**
 * Where frames of the change stream come from: a walsender, or what was kept of one. One thread
 * reads; another may call {@link #sendStatus} meanwhile, and any {@link #abort}.
 */
public interface FrameSource extends AutoCloseable {

    /** Waits for the next frame; null where the source ended the stream. */
    @Nullable Frame next();

    /** Whether a frame may be at hand without waiting. From the reading thread. */
    boolean hasNext();

    /**
     * Tells how far the reader is.
     *
     * @param received the newest position seen
     * @param flushed everything up to here is durable at the destination, and may be forgotten
     * @param replyRequested ask for a keep-alive in return
     * @return up to where the source knows by now that it may forget, at or before {@code flushed}
     */
    Lsn sendStatus(Lsn received, Lsn flushed, boolean replyRequested);

    /** Ends it at once; a thread in {@link #next} fails. */
    void abort();

    @Override
    void close();
}
