package warp.stream;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.wire.ChangeRows;
import warp.postgres.wire.ChangeStream.Frame;
import warp.postgres.wire.FrameSource;

/**
 * A backlog read window by window of the source's log, then the slot's live stream. A walsender
 * gives every message by itself, with two system calls and a wake-up for each; the same messages as
 * rows of a query cost the source, and Warp, a fraction of that.
 *
 * <p>The frames are those that the walsender would send: a window up to a position gives all
 * transactions whose commit record begins before it, which is the comparison that START_REPLICATION
 * makes when it begins there, so there is neither gap nor overlap; a keep-alive follows each
 * window. What a window gives is kept by the server until it is fetched; between fetches it holds
 * no snapshot, so the source does not suffer from a reader that pauses. A thread of its own fetches
 * ahead, up to a bound: so the source decodes the next window while this one is applied.
 *
 * <p>Large transactions come in pieces, where the source can do that, before they commit; they wait
 * in files of this machine and are given whole ({@link StreamedTransactions}).
 *
 * <p>At the end of the log it waits until everything is applied before it goes live, as that takes
 * a while, in which nothing comes.
 *
 * <p>The slot is moved here from time to time to what is durable, and is told of nothing else.
 */
public final class WindowedFrames implements FrameSource {

    /** What is taken into memory at once. */
    private static final long ROWS_BYTES_MAX = 4L << 20;

    /** How the message of a commit begins. */
    private static final byte COMMIT = 'C';

    /** The source is told of so much at once, as finding the place costs it reading the log. */
    private static final long TELL_BYTES = 256L << 20;

    private static final long TELL_NANOS = Duration.ofSeconds(20).toNanos();

    /** How often the length of the log is looked at while nothing is to be read. */
    private static final long NEWS_NANOS = Duration.ofMillis(200).toNanos();

    /** A slot that nobody moves may count as idle (idle_replication_slot_timeout). */
    private static final long TOUCH_NANOS = Duration.ofSeconds(30).toNanos();

    /** How long to wait at the end for who speaks to the source, so as to tell it a last time. */
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private final SlotReading reading;
    private final SlotWindows windows;
    private final WindowPlan plan;
    private final StreamedTransactions streamed;
    private final FramesAhead ahead;
    private final Thread fetching;

    /** Held by whoever speaks to the source by {@link #windows}. */
    private final ReentrantLock speaking = new ReentrantLock();

    private final Condition news = speaking.newCondition();

    private final Object opening = new Object();
    private WindowPlan.Reach reach;
    private final Lsn begun;
    private Lsn lastCommit = Lsn.NONE;

    /** When something of the windows was last seen to be taken. */
    private long readNanos = System.nanoTime();

    private long toldNanos = System.nanoTime();
    private volatile Lsn told = Lsn.NONE;
    private volatile Lsn durable = Lsn.NONE;
    private volatile @Nullable FrameSource live;
    private volatile boolean closing;
    private volatile boolean closed;

    /** The source may be out of reach: nobody is to wait for it once more. */
    private volatile boolean failed;

    private volatile @Nullable RuntimeException cannotTell;

    private WindowedFrames(SlotReading reading, SlotWindows windows, WindowPlan plan) {
        this.reading = reading;
        this.windows = windows;
        this.plan = plan;
        this.reach = windows.reach();
        this.begun = reach.read();
        this.streamed = new StreamedTransactions(reading.folder());
        this.ahead = new FramesAhead(plan.aheadBytesMax());
        this.fetching = Thread.ofPlatform().daemon().name("warp-fetch").unstarted(this::fetchAll);
    }

    /**
     * Opens a slot: in windows where it is far behind and the source lets it be read so, else live.
     *
     * @param from what ended at or before it is not given
     * @throws WarpException where the source cannot be reached, or refuses the stream
     */
    public static FrameSource open(SlotReading reading, Lsn from) {
        return open(reading, from, WindowPlan.USUAL);
    }

    static FrameSource open(SlotReading reading, Lsn from, WindowPlan plan) {
        Optional<SlotWindows> windows = Optional.empty();
        try {
            windows = SlotWindows.open(reading, from, plan);
            if (windows.isPresent()) {
                WindowedFrames frames = new WindowedFrames(reading, windows.get(), plan);
                frames.fetching.start();
                return frames;
            }
        } catch (WarpException refused) {
            windows.ifPresent(SlotWindows::close);
            if (!isAnswer(refused)) {
                throw refused;
            }
            reading.detail().accept(notInWindows(refused.summary()));
        }
        return reading.live().apply(from);
    }

    /** Whether the source is there, but does not do this. */
    private static boolean isAnswer(WarpException refused) {
        return refused.sqlState().isPresent() && refused.code() != ErrorCode.CONNECTION;
    }

    private static String notInWindows(String why) {
        return "The changes are read one by one, as they cannot be had in bulk: " + why;
    }

    @Override
    public @Nullable Frame next() {
        Frame row = ahead.next();
        return row == null ? stream().next() : row;
    }

    /** What comes after the windows. */
    private FrameSource stream() {
        FrameSource now = live;
        if (now == null) {
            throw new IllegalStateException("the windows ended without what follows them");
        }
        return now;
    }

    private void fetchAll() {
        try {
            while (live == null && !closing) {
                fetch();
                ahead.handOver();
                ahead.awaitRoom();
            }
            ahead.end(live == null ? cutShort() : null);
        } catch (InterruptedException defect) {
            ahead.end(new IllegalStateException(defect));
        } catch (RuntimeException problem) {
            // It surfaces in the thread that takes; a defect as well.
            failed = true;
            ahead.handOver();
            ahead.end(problem);
        } finally {
            streamed.close();
        }
    }

    /** Takes rows into memory, waits for more to be worth a window, or goes live. */
    private void fetch() {
        speaking.lock();
        try {
            requireOpen();
            tellIfDue();
            if (windows.isOpen()) {
                take();
            } else {
                switch (plan.next(reach, mayGoLive())) {
                    case WindowPlan.Window window -> open(window);
                    case WindowPlan.Live _ -> goLive();
                    case WindowPlan.Wait _ -> awaitNews();
                }
            }
        } catch (UncheckedIOException noRoom) {
            goOnWithout(noRoom);
        } catch (WarpException refused) {
            RuntimeException first = cannotTell;
            throw first == null ? refused : first;
        } finally {
            speaking.unlock();
        }
    }

    /** Everything up to the last commit has been handed on, and nothing after it. */
    private void goOnWithout(UncheckedIOException noRoom) {
        if (streamed.isGiving()) {
            throw new WarpException(
                    ErrorCode.FILE,
                    "a transaction that waited in a file of %s cannot be read: %s"
                            .formatted(reading.folder(), noRoom.getMessage()),
                    noRoom);
        }
        reading.detail()
                .accept(
                        notInWindows(
                                "no file can be written in %s (%s)"
                                        .formatted(reading.folder(), noRoom.getMessage())));
        replace(lastCommit.max(reach.read()));
    }

    private void open(WindowPlan.Window window) {
        try {
            windows.open(window);
        } catch (WarpException refused) {
            if (closed || !isAnswer(refused)) {
                throw refused;
            }
            // Nothing of this window has been handed on, so the stream can give it from its start.
            reading.detail().accept(notInWindows(refused.summary()));
            replace(reach.read());
        }
    }

    /** Takes what is fetched at once; a part of it only where rows are suddenly much larger. */
    private void take() {
        long bytes = 0;
        ChangeRows row = null;
        while (bytes < ROWS_BYTES_MAX && !streamed.isGiving() && (row = windows.next()) != null) {
            bytes += row.length();
            if (streamed.take(row.position(), row.buffer(), row.from(), row.length())) {
                continue;
            }
            ahead.add(row.position(), row.buffer(), row.from(), row.length());
            if (row.buffer()[row.from()] == COMMIT) {
                lastCommit = new Lsn(row.position());
            }
        }
        if (streamed.isGiving()) {
            give();
        } else if (!windows.isOpen()) {
            streamed.forget();
            readNanos = System.nanoTime();
            reach = reachAfterWindow();
            ahead.addKeepAlive(reach.read());
        }
    }

    private void give() {
        Lsn end = streamed.give(ahead, ROWS_BYTES_MAX);
        lastCommit = end == null ? lastCommit : end;
    }

    private WindowPlan.Reach reachAfterWindow() {
        WindowPlan.Reach now = windows.reach();
        if (plan.decodesMuchAgain(now)) {
            windows.moveRestart(now.read());
            now = windows.reach();
        }
        return now;
    }

    /** Whether everything handed on is durable, or has been waited for. */
    private boolean mayGoLive() {
        if (!ahead.isEmpty()) {
            readNanos = System.nanoTime();
        }
        return !durable.isBefore(lastCommit)
                || System.nanoTime() - readNanos >= plan.waitMax().toNanos();
    }

    /** Lets others speak meanwhile. */
    private void awaitNews() {
        try {
            long left = NEWS_NANOS;
            while (left > 0 && !mayGoLive() && !closed) {
                left = news.awaitNanos(left);
            }
            reach = windows.reach();
        } catch (InterruptedException closing) {
            throw ReadingStopped.by(closing);
        }
    }

    /** What the thread that tells how far we are has found is for the one that reads to say. */
    private void requireOpen() {
        RuntimeException problem = cannotTell;
        if (problem != null) {
            throw problem;
        } else if (closed) {
            throw cutShort();
        }
    }

    private static WarpException cutShort() {
        return new WarpException(ErrorCode.CONNECTION, "reading changes was cut short")
                .at(Side.SOURCE);
    }

    /**
     * A stream that is opened decodes again what the slot has not been told of, and nothing comes
     * meanwhile. Telling it costs nearly as much, so that is done where it is very much.
     */
    private void goLive() {
        if (durable.bytesSince(told.isNone() ? begun : told) >= TELL_BYTES) {
            tell();
            tell(); // moves where it is decoded from, as with the copy
        }
        replace(reach.read());
    }

    private void replace(Lsn from) {
        windows.close();
        streamed.close();
        FrameSource opened = reading.live().apply(from);
        synchronized (opening) {
            live = opened;
            if (closed) {
                opened.close();
            }
        }
        requireOpen();
    }

    /** By whoever speaks, as the source waits for nothing meanwhile. */
    private void tellIfDue() {
        if (!windows.isFree()) {
            return;
        }
        Lsn now = durable;
        long since = System.nanoTime() - toldNanos;
        boolean much = !told.isNone() && now.bytesSince(told) >= TELL_BYTES;
        boolean late = since >= TELL_NANOS && now.isAfter(told);
        if (!now.isNone() && (much || late || since >= TOUCH_NANOS)) {
            tell();
        }
    }

    private void tell() {
        Lsn now = durable;
        windows.forget(now);
        told = now;
        toldNanos = System.nanoTime();
    }

    @Override
    public boolean hasNext() {
        FrameSource now = live;
        return ahead.hasNext() || (now != null && now.hasNext());
    }

    /** As long as the backlog is read, the source is told when it is worth its while. */
    @Override
    public Lsn sendStatus(Lsn received, Lsn flushed, boolean replyRequested) {
        durable = durable.max(flushed);
        FrameSource now = live;
        if (now == null && speaking.tryLock()) {
            try {
                now = live;
                if (now == null && !closed) {
                    tellIfDue();
                    news.signal();
                }
            } catch (WarpException problem) {
                cannotTell = problem;
                throw problem;
            } finally {
                speaking.unlock();
            }
        }
        return now == null ? told : now.sendStatus(received, flushed, replyRequested);
    }

    @Override
    public void abort() {
        end(FrameSource::abort);
    }

    /** Tells the source a last time, if it can be spoken to. */
    @Override
    public void close() {
        closing = true;
        if (isSpokenToInTime()) {
            try {
                if (!closed && !failed && durable.isAfter(told)) {
                    tellLast();
                }
            } catch (WarpException gone) {
                // The source keeps what it was told before; the progress decides.
            } finally {
                speaking.unlock();
            }
        }
        end(FrameSource::close);
        windows.close();
    }

    /** By a stream, which takes our word for it, where a function would look for the place. */
    private void tellLast() {
        FrameSource now = live;
        if (now != null) {
            now.sendStatus(durable, durable, false);
            return;
        }
        try (FrameSource word = reading.live().apply(durable)) {
            word.sendStatus(durable, durable, true);
            Frame answer = word.next();
            while (answer instanceof Frame.Data) {
                answer = word.next();
            }
        }
    }

    private boolean isSpokenToInTime() {
        try {
            return speaking.tryLock(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void end(Consumer<FrameSource> how) {
        FrameSource now;
        synchronized (opening) {
            closed = true;
            now = live;
        }
        ahead.end(cutShort());
        if (now == null) {
            windows.abort();
        } else {
            how.accept(now);
        }
    }
}
