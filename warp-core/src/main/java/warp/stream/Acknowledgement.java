package warp.stream;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.postgres.wire.FrameSource;
import warp.progress.Progress;

/**
 * Tells the source how far we are, from a thread of its own, so that nothing that the reader or the
 * applier waits for can make the source think that we are gone ({@code wal_sender_timeout}): every
 * second in any case, at once where the source asks, and soon after something new is durable.
 */
final class Acknowledgement {

    private static final long STATUS_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final FrameSource stream;
    private final Progress progress;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private Lsn received;
    private Lsn durable = Lsn.NONE;
    private Lsn sent = Lsn.NONE;
    private boolean asked;

    Acknowledgement(FrameSource stream, Lsn startAfter, Progress progress) {
        this.stream = stream;
        this.received = startAfter;
        this.progress = progress;
    }

    /** The newest position seen, and whether the source wants to hear from us. */
    void received(Lsn position, boolean replyRequested) {
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

    /** Everything up to here is durable at the destination; an older position changes nothing. */
    void durable(Lsn position) {
        lock.lock();
        try {
            if (position.isAfter(durable)) {
                durable = position;
                news.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends statuses until interrupted, or until the connection is lost. */
    void run() {
        try {
            while (true) {
                awaitReason();
                send();
                // What comes meanwhile waits for one status more, not one each.
                TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (WarpException lost) {
            // The reading thread finds the same, and it is the one that is listened to.
            stream.abort();
        }
    }

    private void awaitReason() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = STATUS_NANOS;
            while (left > 0 && !asked && !durable.isAfter(sent)) {
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends one status. */
    void send() {
        Lsn seen;
        Lsn flushed;
        lock.lock();
        try {
            asked = false;
            sent = durable;
            flushed = durable;
            // What is durable has been seen, even where only a keep-alive told of it.
            seen = received.max(durable);
        } finally {
            lock.unlock();
        }
        FaultPoint.ACKNOWLEDGED.before();
        Lsn told = stream.sendStatus(seen, flushed, false);
        FaultPoint.ACKNOWLEDGED.after();
        if (!told.isNone()) {
            progress.acknowledged(told);
        }
    }
}
