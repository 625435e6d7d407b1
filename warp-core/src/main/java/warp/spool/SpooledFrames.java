package warp.spool;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.postgres.wire.ChangeStream.Frame;
import warp.postgres.wire.FrameSource;

/**
 * First the frames of a spool, then those of the slot from the spool's end on: as the source sends
 * exactly what ended after the position that it is asked for, there is neither gap nor overlap.
 *
 * <p>The slot is opened when the spool has been read to its end. It was told before that everything
 * up to there is safe, so it is never told less.
 */
public final class SpooledFrames implements FrameSource {

    private final Spool spool;
    private final SpoolReader reader;
    private final Function<Lsn, FrameSource> slot;
    private final Object opening = new Object();
    private volatile @Nullable FrameSource live;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException cannotRemove;

    /**
     * @param spool stays the caller's
     * @param from everything up to here is at the destination
     * @param slot opens the stream at a position
     */
    public SpooledFrames(Spool spool, Lsn from, Function<Lsn, FrameSource> slot) {
        this.spool = spool;
        this.reader = spool.read(from);
        this.slot = slot;
    }

    @Override
    public @Nullable Frame next() {
        requireOpen();
        FrameSource now = live;
        if (now == null) {
            Frame frame = reader.next();
            if (frame != null) {
                return frame;
            }
            now = goLive();
        }
        return now.next();
    }

    /** What the thread that tells how far we are has found is for the one that reads to say. */
    private void requireOpen() {
        RuntimeException problem = cannotRemove;
        if (problem != null) {
            throw problem;
        } else if (closed) {
            throw new WarpException(ErrorCode.CONNECTION, "reading the spool was cut short");
        }
    }

    private FrameSource goLive() {
        reader.close();
        FrameSource opened = slot.apply(spool.end());
        synchronized (opening) {
            live = opened;
            if (closed) {
                opened.close();
            }
        }
        requireOpen();
        return opened;
    }

    @Override
    public boolean hasNext() {
        FrameSource now = live;
        return now == null ? reader.hasNext() : now.hasNext();
    }

    /** Also removes what is no longer needed of the spool. */
    @Override
    public Lsn sendStatus(Lsn received, Lsn flushed, boolean replyRequested) {
        try {
            spool.consumed(flushed);
        } catch (RuntimeException problem) {
            cannotRemove = problem;
            throw problem;
        }
        FrameSource now = live;
        if (now == null) {
            return flushed;
        }
        Lsn end = spool.end();
        Lsn told = now.sendStatus(end.max(received), end.max(flushed), replyRequested);
        return told.isAfter(flushed) ? flushed : told;
    }

    @Override
    public void abort() {
        end(FrameSource::abort);
    }

    @Override
    public void close() {
        reader.close();
        end(FrameSource::close);
    }

    private void end(Consumer<FrameSource> how) {
        FrameSource now;
        synchronized (opening) {
            closed = true;
            now = live;
        }
        if (now != null) {
            how.accept(now);
        }
    }
}
