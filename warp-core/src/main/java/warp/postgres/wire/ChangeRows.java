package warp.postgres.wire;

import java.io.IOException;

/**
 * Messages of an output plugin that a query gives as rows of {@code (lsn pg_lsn, data bytea)} in
 * binary ("Simple Query", DataRow). For the thread that uses the session.
 */
public final class ChangeRows {

    /** How each row begins: its number of columns, the length of the position. */
    private static final int POSITION_AT = 2 + 4;

    private static final int MESSAGE_AT = POSITION_AT + 8 + 4;

    private final WireSession session;
    private final WireChannel channel;
    private int rows;
    private long position;
    private boolean ended;

    private ChangeRows(WireSession session) {
        this.session = session;
        this.channel = session.channel();
    }

    /**
     * Starts the query. The session is free again when {@link #next} has returned null; after a
     * failure it must be closed.
     */
    public static ChangeRows start(WireSession session, String query) {
        try {
            session.channel().begin('Q').addString(query).end().flush();
            return new ChangeRows(session);
        } catch (IOException problem) {
            throw session.failure(problem);
        }
    }

    /**
     * Waits for the next message, which then stands in {@link #buffer}; false after the last.
     *
     * @throws warp.error.WarpException where the server refuses
     */
    public boolean next() {
        try {
            while (!ended) {
                char type = channel.readMessage();
                switch (type) {
                    case 'D' -> {
                        rows++;
                        position = channel.longAt(POSITION_AT);
                        channel.byteAt(MESSAGE_AT); // refuses a row that has none
                        return true;
                    }
                    case 'E' -> throw new WireException(session.readError());
                    case 'C' -> {
                        session.awaitReady();
                        ended = true;
                    }
                    case 'Z' -> throw WireChannel.unexpected(type);
                    default -> {
                        // The description of the rows, notices.
                    }
                }
            }
            return false;
        } catch (IOException problem) {
            throw session.failure(problem);
        }
    }

    /** The position of the message, as a number: millions of them come. */
    public long position() {
        return position;
    }

    /** Holds the message until {@link #next} is called again. */
    public byte[] buffer() {
        return channel.buffer();
    }

    /** Where the message begins. */
    public int from() {
        return channel.bodyStart() + MESSAGE_AT;
    }

    /** At least 1. */
    public int length() {
        return channel.bodyLength() - MESSAGE_AT;
    }

    /** How many it has given. */
    public int rows() {
        return rows;
    }
}
