package warp.postgres.wire;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;

/**
 * A logical slot being streamed ("Streaming Replication Protocol", START_REPLICATION). One thread
 * reads by {@link #next}; another may send {@link #sendStatus} meanwhile.
 */
public final class ChangeStream implements FrameSource {

    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final WireSession session;
    private final WireChannel channel;
    private final Object writing = new Object();

    private ChangeStream(WireSession session) {
        this.session = session;
        this.channel = session.channel();
    }

    /** What the walsender sent. */
    public sealed interface Frame {
        /** A message of the output plugin. {@code bytes} is its own array. */
        @SuppressWarnings("ArrayRecordComponent") // Handed on to the decoder, never compared.
        record Data(Lsn walStart, Lsn walEnd, byte[] bytes) implements Frame {}

        /** A keep-alive: all that committed before {@code walEnd} has been sent. */
        record KeepAlive(Lsn walEnd, boolean replyRequested) implements Frame {}
    }

    /**
     * Starts streaming on a session opened for replication.
     *
     * @param startReplication the whole command
     * @throws warp.error.WarpException where the server refuses
     */
    public static ChangeStream start(WireSession session, String startReplication) {
        ChangeStream stream = new ChangeStream(session);
        try {
            WireChannel channel = session.channel();
            channel.begin('Q').addString(startReplication).end().flush();
            char type = channel.readMessage();
            while (type != 'W') {
                if (type == 'E') {
                    throw new WireException(session.readError());
                } else if (type == 'Z') {
                    throw WireChannel.unexpected(type);
                }
                type = channel.readMessage();
            }
            return stream;
        } catch (IOException problem) {
            throw session.failure(problem);
        }
    }

    /** Waits for the next frame; null where the server ended the stream (it shuts down). */
    @Override
    public @Nullable Frame next() {
        try {
            while (true) {
                switch (channel.readMessage()) {
                    case 'd' -> {
                        Frame frame = frame();
                        if (frame != null) {
                            return frame;
                        }
                    }
                    case 'E' -> throw new WireException(session.readError());
                    case 'c', 'C', 'Z' -> {
                        return null;
                    }
                    default -> {
                        // Notices and parameter changes.
                    }
                }
            }
        } catch (IOException problem) {
            throw session.failure(problem);
        }
    }

    private @Nullable Frame frame() throws IOException {
        int kind = channel.byteAt(0);
        if (kind == 'w') {
            return new Frame.Data(
                    new Lsn(channel.longAt(1)), new Lsn(channel.longAt(9)), channel.bodyCopy(25));
        } else if (kind == 'k') {
            boolean reply = channel.byteAt(17) != 0;
            return new Frame.KeepAlive(new Lsn(channel.longAt(1)), reply);
        }
        return null;
    }

    @Override
    public boolean hasNext() {
        try {
            return channel.hasInput();
        } catch (IOException problem) {
            throw session.failure(problem);
        }
    }

    /**
     * The slot's restart position follows {@code flushed}. Where nothing has come for long, the
     * source is asked for a keep-alive in any case, as one that is there gives it at once.
     */
    @Override
    public Lsn sendStatus(Lsn received, Lsn flushed, boolean replyRequested) {
        // The source shows it to people (pg_stat_replication); nothing is decided by it.
        long micros = Duration.between(POSTGRES_EPOCH, Instant.now()).toNanos() / 1000;
        synchronized (writing) {
            try {
                channel.begin('d').addByte('r').addLong(received.value()).addLong(flushed.value());
                channel.addLong(flushed.value()).addLong(micros);
                channel.addByte(replyRequested || channel.isLongSilent() ? 1 : 0).end().flush();
                return flushed;
            } catch (IOException problem) {
                throw session.failure(problem);
            }
        }
    }

    @Override
    public void abort() {
        session.abort();
    }

    @Override
    public void close() {
        session.abort();
        session.close();
    }
}
