package warp.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import warp.decode.LogicalDecoder;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.Connector;
import warp.postgres.wire.ChangeStream;
import warp.postgres.wire.ChangeStream.Frame;
import warp.postgres.wire.FrameSource;
import warp.postgres.wire.WireSession;
import warp.progress.Progress;

/**
 * Reads a slot into a queue, on a thread of its own, and tells the source what is durable, on
 * another. So the source is listened to and answered however long the applier takes.
 *
 * <p>Events come in the order of the stream. The queue is bounded: when it is full the reader stops
 * reading, TCP stops the walsender, and statuses go on. Of successive keep-alives only the last is
 * kept; one within a transaction is dropped, as it says nothing that the next does not.
 *
 * <p>{@link #take} is for one thread; the rest may be called from any.
 */
public final class ChangeReader implements AutoCloseable {

    /** What the queue holds at most, unless a single row is larger. */
    public static final long QUEUE_BYTES_MAX = 4L * 1024 * 1024;

    /** How often changes are handed over where they come one by one. */
    private static final long HAND_OVER_NANOS = Duration.ofMillis(3).toNanos();

    private static final int BATCH_EVENTS_MAX = 512;
    private static final int BATCH_BYTES_MAX = 256 * 1024;

    private final FrameSource stream;
    private final LogicalDecoder decoder;
    private final Lsn startAfter;
    private final Progress progress;
    private final ChangeQueue queue;
    private final Acknowledgement acknowledgement;
    private final Thread reading;
    private final Thread answering;

    private List<ChangeEvent> batch = new ArrayList<>();
    private long batchBytes;
    private int frames;
    private Lsn seen = Lsn.NONE;
    private boolean inTransaction;
    private long handedOverAt = System.nanoTime() - HAND_OVER_NANOS;

    private ChangeReader(
            FrameSource stream,
            LogicalDecoder decoder,
            Lsn startAfter,
            long queueBytesMax,
            Progress progress) {
        this.stream = stream;
        this.decoder = decoder;
        this.startAfter = startAfter;
        this.progress = progress;
        this.queue = new ChangeQueue(queueBytesMax, progress);
        this.acknowledgement = new Acknowledgement(stream, startAfter, progress);
        // The source sends every change by itself: a virtual thread would be parked and woken for
        // each, which costs several times what reading it does.
        this.reading = Thread.ofPlatform().daemon().name("warp-read").unstarted(this::read);
        this.answering = Thread.ofVirtual().name("warp-answer").unstarted(this::answer);
    }

    /**
     * Starts streaming.
     *
     * @param startReplication made by {@code ReplicationStatements}, starting at {@code startAfter}
     * @param decoder a new one: it remembers the shapes of this stream
     * @param startAfter keep-alives up to here are dropped; transactions are left out by the source
     * @param queueBytesMax at least 1; see {@link #QUEUE_BYTES_MAX}
     * @throws warp.error.WarpException where the source cannot be reached or refuses
     */
    public static ChangeReader start(
            Connector source,
            String startReplication,
            LogicalDecoder decoder,
            Lsn startAfter,
            long queueBytesMax,
            Progress progress) {
        WireSession session = source.openReplication();
        try {
            ChangeStream stream = ChangeStream.start(session, startReplication);
            return start(stream, decoder, startAfter, queueBytesMax, progress);
        } catch (RuntimeException refused) {
            session.close();
            throw refused;
        }
    }

    /**
     * Starts reading from what is open already, and is the reader's from now on.
     *
     * @param decoder as above
     * @param startAfter the frames begin there
     */
    public static ChangeReader start(
            FrameSource frames,
            LogicalDecoder decoder,
            Lsn startAfter,
            long queueBytesMax,
            Progress progress) {
        ChangeReader reader =
                new ChangeReader(frames, decoder, startAfter, queueBytesMax, progress);
        reader.reading.start();
        reader.answering.start();
        return reader;
    }

    /**
     * The next events, in order; empty where none came in time.
     *
     * @throws warp.error.WarpException why reading has ended, after everything read has been taken
     */
    public List<ChangeEvent> take(Duration atMost) throws InterruptedException {
        return queue.take(atMost);
    }

    /** Whether {@link #take} would have to wait. */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /**
     * Everything up to here is durable at the destination. The source is told soon, and may drop
     * its WAL up to here. An older position than before changes nothing.
     */
    public void acknowledge(Lsn durable) {
        acknowledgement.durable(durable);
    }

    private void answer() {
        try {
            acknowledgement.run();
        } catch (RuntimeException defect) {
            // Without statuses the source would keep its log for ever, and nobody know why.
            queue.end(defect);
            stream.abort();
        }
    }

    private void read() {
        try {
            Frame frame = stream.next();
            while (frame != null) {
                accept(frame);
                if (batch.size() >= BATCH_EVENTS_MAX
                        || batchBytes >= BATCH_BYTES_MAX
                        || frames >= BATCH_EVENTS_MAX
                        || !(stream.hasNext() || comesSoon())) {
                    handOver();
                    progress.throttle.awaitReading();
                }
                frame = stream.next();
            }
            handOver();
            queue.end(
                    new WarpException(ErrorCode.CONNECTION, "the source ended the stream")
                            .at(Side.SOURCE));
        } catch (InterruptedException closing) {
            queue.end(ReadingStopped.byClosing());
        } catch (RuntimeException problem) {
            // It surfaces in the thread that takes; a defect as well.
            queue.end(problem);
        }
    }

    /**
     * Whoever waits for each change is woken for each, which costs both sides more than the change
     * itself. So what comes shortly after a hand-over is let gather for the rest of a moment; what
     * comes after a pause goes on at once.
     */
    private boolean comesSoon() throws InterruptedException {
        long left = HAND_OVER_NANOS - (System.nanoTime() - handedOverAt);
        if (left <= 0) {
            return false;
        }
        TimeUnit.NANOSECONDS.sleep(left);
        return stream.hasNext();
    }

    private void accept(Frame frame) {
        switch (frame) {
            case Frame.Data data -> {
                ChangeEvent event =
                        decoder.decode(data.walStart(), data.bytes(), 0, data.bytes().length);
                frames++;
                seen = seen.max(data.walEnd());
                if (event != null) {
                    add(event);
                }
            }
            case Frame.KeepAlive alive -> {
                seen = seen.max(alive.walEnd());
                tellSeen(alive.replyRequested());
                if (!inTransaction && alive.walEnd().isAfter(startAfter)) {
                    add(new ChangeEvent.KeepAlive(alive.walEnd()));
                }
            }
        }
    }

    private void tellSeen(boolean replyRequested) {
        acknowledgement.received(seen, replyRequested);
        progress.sourceEnd(seen);
        progress.messages.add(frames);
        frames = 0;
    }

    private void add(ChangeEvent event) {
        if (event instanceof ChangeEvent.Begin) {
            inTransaction = true;
        } else if (event instanceof ChangeEvent.Commit) {
            inTransaction = false;
        } else if (event instanceof ChangeEvent.KeepAlive
                && lastOfBatch() instanceof ChangeEvent.KeepAlive) {
            batch.removeLast();
        }
        batch.add(event);
        batchBytes += event.heapBytes();
    }

    private @Nullable ChangeEvent lastOfBatch() {
        return batch.isEmpty() ? null : batch.getLast();
    }

    private void handOver() throws InterruptedException {
        tellSeen(false);
        if (!batch.isEmpty()) {
            queue.put(batch, batchBytes);
            batch = new ArrayList<>(BATCH_EVENTS_MAX);
            batchBytes = 0;
        }
        handedOverAt = System.nanoTime();
    }

    /** Tells the source what is durable a last time, and ends the stream. */
    @Override
    public void close() {
        answering.interrupt();
        try {
            acknowledgement.send();
        } catch (WarpException gone) {
            // The source keeps what it was told before; the progress at the destination decides.
        }
        queue.end(ReadingStopped.byClosing());
        reading.interrupt();
        stream.close();
    }
}
