package warp.spool;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.wire.ChangeStream.Frame;
import warp.postgres.wire.FrameSource;
import warp.progress.Progress;

/**
 * Drains the slot into a spool. The source is told of nothing that has not been forced to the disk
 * here: <em>acknowledged ≤ synced</em>. Whatever dies, the slot still has all that the spool lacks.
 *
 * <p>{@link #run} is for one thread and may be called again after a failure of the connection; any
 * may call {@link #stop}.
 */
public final class SpoolDrain implements AutoCloseable {

    private static final long STATUS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SpoolWriter writer;
    private final Progress progress;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private @Nullable FrameSource stream;
    private boolean asked;
    private boolean over;
    private Lsn received = Lsn.NONE;
    private @Nullable RuntimeException cannotGoOn;
    private volatile boolean stopped;

    /**
     * Begins to write behind what the spool holds.
     *
     * @param spool whose end is at or after the position that the slot was told of
     * @throws WarpException OUT_OF_SPACE or FILE
     */
    public SpoolDrain(Spool spool, SpoolLimits limits, Progress progress) {
        this.writer = spool.write(limits);
        this.progress = progress;
    }

    /**
     * Drains until stopped.
     *
     * @param slot opens the stream at a position
     * @throws WarpException why it ended: of the source, also where that ended the stream
     *     (CONNECTION); OUT_OF_SPACE, FILE or MALFORMED where the spool cannot go on
     */
    public void run(Function<Lsn, FrameSource> slot) {
        Lsn from = writer.beginSession();
        FrameSource opened = slot.apply(from);
        lock.lock();
        try {
            if (stopped) {
                opened.close();
                return;
            }
            stream = opened;
            received = from;
            over = false;
        } finally {
            lock.unlock();
        }
        Thread answering = Thread.ofVirtual().name("warp-spool-answer").start(() -> answer(opened));
        try {
            drain(opened);
        } finally {
            endAnswering(answering);
            tellTheLast(opened);
            opened.close();
        }
    }

    /** Not by an interrupt, which would close the file that is forced to the disk just then. */
    private void endAnswering(Thread answering) {
        lock.lock();
        try {
            over = true;
            news.signal();
        } finally {
            lock.unlock();
        }
        join(answering);
    }

    /** As far as the connection is still there. */
    private void tellTheLast(FrameSource opened) {
        try {
            writer.sync();
            send(opened);
        } catch (WarpException gone) {
            // The source keeps what it was told before; the rest is in the slot.
        }
    }

    private void drain(FrameSource opened) {
        try {
            Frame frame = opened.next();
            while (frame != null && !stopped) {
                writer.append(frame);
                switch (frame) {
                    case Frame.Data data -> received(data.walEnd(), false);
                    case Frame.KeepAlive alive -> received(alive.walEnd(), alive.replyRequested());
                }
                frame = opened.next();
            }
            if (!stopped) {
                throw new WarpException(ErrorCode.CONNECTION, "the source ended the stream")
                        .at(Side.SOURCE);
            }
        } catch (WarpException problem) {
            RuntimeException first = failureToAnswer();
            if (first != null) {
                throw first;
            } else if (!stopped) {
                throw problem;
            }
        }
    }

    /** Of the other thread: what it could not do came first. */
    private @Nullable RuntimeException failureToAnswer() {
        lock.lock();
        try {
            return cannotGoOn;
        } finally {
            lock.unlock();
        }
    }

    private void received(Lsn position, boolean replyRequested) {
        progress.sourceEnd(position);
        lock.lock();
        try {
            received = received.max(position);
            if (replyRequested) {
                asked = true;
                news.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells the source every second what is on the disk, and at once where it asks. */
    private void answer(FrameSource opened) {
        try {
            for (Reason reason = awaitReason(); reason != Reason.OVER; reason = awaitReason()) {
                if (reason == Reason.TIME) {
                    writer.sync();
                }
                send(opened);
            }
        } catch (RuntimeException problem) {
            boolean lost = problem instanceof WarpException known && known.side().isPresent();
            lock.lock();
            try {
                // The source's own failures are found by the thread that reads.
                cannotGoOn = lost ? null : problem;
            } finally {
                lock.unlock();
            }
            opened.abort();
        }
    }

    /** Why to tell the source something now. */
    private enum Reason {
        TIME,
        ASKED,
        OVER
    }

    private Reason awaitReason() {
        lock.lock();
        try {
            long left = STATUS_NANOS;
            while (left > 0 && !asked && !over) {
                try {
                    left = news.awaitNanos(left);
                } catch (InterruptedException nobodyDoes) {
                    throw new IllegalStateException(nobodyDoes);
                }
            }
            Reason reason = over ? Reason.OVER : asked ? Reason.ASKED : Reason.TIME;
            asked = false;
            return reason;
        } finally {
            lock.unlock();
        }
    }

    private void send(FrameSource opened) {
        Lsn seen;
        lock.lock();
        try {
            seen = received;
        } finally {
            lock.unlock();
        }
        Lsn synced = writer.synced();
        Lsn told = opened.sendStatus(seen.max(synced), synced, false);
        progress.acknowledged(told);
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException stop) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it soon: what is whole is forced to the disk, and the source is told a last time. */
    public void stop() {
        FrameSource open;
        lock.lock();
        try {
            stopped = true;
            open = stream;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            tellTheLast(open);
            open.abort();
        }
    }

    /** Lets go of the spool's files. When {@link #run} has returned. */
    @Override
    public void close() {
        writer.close();
    }
}
