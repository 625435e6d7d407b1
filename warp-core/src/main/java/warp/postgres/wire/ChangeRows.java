package warp.postgres.wire;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;
import warp.postgres.wire.ChangeStream.Frame;

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
     * Waits for the next message; null after the last.
     *
     * @throws warp.error.WarpException where the server refuses
     */
    public Frame.@Nullable Data next() {
        try {
            while (!ended) {
                char type = channel.readMessage();
                switch (type) {
                    case 'D' -> {
                        rows++;
                        Lsn position = new Lsn(channel.longAt(POSITION_AT));
                        return new Frame.Data(position, position, channel.bodyCopy(MESSAGE_AT));
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
            return null;
        } catch (IOException problem) {
            throw session.failure(problem);
        }
    }

    /** How many it has given. */
    public int rows() {
        return rows;
    }
}
