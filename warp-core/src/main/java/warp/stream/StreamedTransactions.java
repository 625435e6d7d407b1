package warp.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warp.decode.StreamControl;
import warp.model.Lsn;

/**
 * Puts transactions that the source sends in pieces before they commit to where they commit: what
 * comes out is what it would have sent without, a begin, what has not been undone, and a commit. So
 * the source keeps large ones neither in memory nor, which is far dearer, change by change in files
 * of its own. Those that have not committed at the end of a window are forgotten: the next has all
 * of them again. For one thread.
 *
 * <p>Failures of files are {@link UncheckedIOException}.
 */
final class StreamedTransactions implements AutoCloseable {

    private final Path folder;
    private final Map<Integer, Kept> open = new HashMap<>();

    /** Whose piece has begun and not ended. */
    private @Nullable Kept piece;

    private @Nullable Giving giving;

    /** Relations that were described outside of pieces, by their number. */
    private final Map<Integer, Shape> shapes = new HashMap<>();

    /** Counts descriptions, wherever they came. */
    private long descriptions;

    /**
     * @param folder where large ones wait in files
     */
    StreamedTransactions(Path folder) {
        this.folder = folder;
    }

    /**
     * A transaction that has not committed.
     *
     * @param described the relations that it has described, and when it did so last
     */
    private record Kept(StreamedTransaction messages, Map<Integer, Long> described) {}

    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    private record Shape(long when, long position, byte[] message) {}

    /** One that has committed. */
    private static final class Giving {
        final StreamControl.Commit commit;
        final Kept kept;
        boolean begun;

        Giving(StreamControl.Commit commit, Kept kept) {
            this.commit = commit;
            this.kept = kept;
        }
    }

    /**
     * Takes the next message of the source; not while {@link #isGiving}.
     *
     * @return whether it is kept here; otherwise it is to be handed on now
     */
    boolean take(long position, byte[] bytes, int from, int length) {
        try {
            byte letter = bytes[from];
            if ("SEcA".indexOf(letter) >= 0) {
                control(StreamControl.of(new Lsn(position), bytes, from, length));
                return true;
            }
            Kept into = piece;
            if (into == null) {
                remember(position, bytes, from, length);
                return false;
            }
            // Where the transaction comes from is said without its number, and nobody asks.
            if (letter != 'O') {
                keep(into, position, bytes, from, length);
            }
            return true;
        } catch (IOException problem) {
            throw unchecked(problem);
        }
    }

    private void control(@Nullable StreamControl control) throws IOException {
        switch (control) {
            case StreamControl.Start start ->
                    piece =
                            open.computeIfAbsent(
                                    start.xid(),
                                    _ ->
                                            new Kept(
                                                    new StreamedTransaction(folder),
                                                    new HashMap<>()));
            case StreamControl.Stop _ -> piece = null;
            case StreamControl.Commit commit -> {
                Kept kept = open.get(commit.xid());
                if (kept != null) {
                    kept.messages().ended();
                    open.remove(commit.xid());
                    giving = new Giving(commit, kept);
                }
            }
            case StreamControl.Abort abort -> {
                Kept kept = open.get(abort.xid());
                if (kept != null && abort.subxid() != abort.xid()) {
                    kept.messages().undo(abort.subxid());
                } else if (kept != null) {
                    open.remove(abort.xid());
                    kept.messages().close();
                }
            }
            case null -> throw new IllegalStateException("no control message");
        }
    }

    private void keep(Kept into, long position, byte[] bytes, int from, int length)
            throws IOException {
        int subtransaction = StreamControl.subtransaction(new Lsn(position), bytes, from, length);
        if (bytes[from] == 'R') {
            into.described()
                    .put(
                            relation(
                                    bytes,
                                    from + StreamControl.NUMBER_BYTES,
                                    length - StreamControl.NUMBER_BYTES),
                            descriptions++);
        }
        into.messages()
                .add(subtransaction, position, bytes, from, length, StreamControl.NUMBER_BYTES);
    }

    private void remember(long position, byte[] bytes, int from, int length) {
        if (bytes[from] == 'R') {
            byte[] message = Arrays.copyOfRange(bytes, from, from + length);
            shapes.put(relation(bytes, from, length), new Shape(descriptions++, position, message));
        }
    }

    private static int relation(byte[] bytes, int from, int length) {
        return ByteBuffer.wrap(bytes, from, length).getInt(from + 1);
    }

    /** Whether a transaction is to be given before more is taken. */
    boolean isGiving() {
        return giving != null;
    }

    /**
     * Gives as much as is to be in memory at once.
     *
     * @return where the transaction ends; null where there is more of it
     */
    @Nullable Lsn give(FramesAhead ahead, long bytesMax) {
        Giving now = giving;
        if (now == null) {
            throw new IllegalStateException("no transaction is being given");
        }
        try {
            StreamedTransaction messages = now.kept.messages();
            long bytes = 0;
            while (messages.next()) {
                if (!now.begun) {
                    now.begun = true;
                    add(ahead, messages.position(), now.commit.asBegin());
                }
                ahead.add(
                        messages.position(), messages.array(), messages.from(), messages.length());
                bytes += messages.length();
                if (bytes >= bytesMax) {
                    return null;
                }
            }
            end(ahead, now);
            return now.commit.end();
        } catch (IOException problem) {
            throw unchecked(problem);
        }
    }

    private void end(FramesAhead ahead, Giving now) {
        giving = null;
        now.kept.messages().close();
        if (!now.begun) {
            return; // all of it was undone
        }
        add(ahead, now.commit.end().value(), now.commit.asCommit());
        // What was described between its pieces and its commit is newer than what it described.
        now.kept
                .described()
                .forEach((relation, when) -> {
                    Shape other = shapes.get(relation);
                    if (other != null && other.when() > when) {
                        add(ahead, other.position(), other.message());
                    }
                });
    }

    private static void add(FramesAhead ahead, long position, byte[] message) {
        ahead.add(position, message, 0, message.length);
    }

    /** Forgets what has not committed, and what was described: the next window begins anew. */
    void forget() {
        close();
        open.clear();
        shapes.clear();
        piece = null;
        giving = null;
    }

    /** Their files go with it. */
    @Override
    public void close() {
        open.values().forEach(kept -> kept.messages().close());
        if (giving != null) {
            giving.kept.messages().close();
        }
    }

    private static UncheckedIOException unchecked(IOException problem) {
        String said = problem.getMessage();
        return new UncheckedIOException(
                said == null ? problem.getClass().getSimpleName() : said, problem);
    }
}
