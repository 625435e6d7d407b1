package warp.postgres.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warp.model.Side;
import warp.postgres.ServerErrors;
import warp.sql.ConcealedStatements;

/**
 * One connection spoken to in raw protocol: simple statements and COPY; {@link Pipeline} and {@link
 * ChangeStream} build on it. For use by one thread, but for {@link #abort}, which any thread may
 * call.
 *
 * <p>Every failure is a {@link warp.error.WarpException} that names the side.
 */
public final class WireSession implements AutoCloseable {

    /** What is small goes on together with what follows, up to this. */
    private static final int JOINED_BYTES = 64 * 1024;

    private final Side side;
    private final Connection login;
    private final WireChannel channel;

    /**
     * Takes over a connection that pgjdbc has logged in and that is idle.
     *
     * @param login kept only to be closed with this session and to cancel
     */
    public WireSession(Side side, Connection login, WireChannel channel) {
        this.side = side;
        this.login = login;
        this.channel = channel;
    }

    public Side side() {
        return side;
    }

    WireChannel channel() {
        return channel;
    }

    /**
     * Runs statements by the simple protocol and drops their rows.
     *
     * @return the last command tag, such as {@code COPY 5} or {@code SET}
     */
    public String execute(String sql) {
        try {
            channel.begin('Q').addString(sql).end().flush();
            return awaitReady();
        } catch (IOException problem) {
            throw failure(problem);
        }
    }

    /**
     * Runs one statement or walsender command by the simple protocol.
     *
     * @return the values of its last row as texts
     * @throws IllegalStateException where it gave no row
     */
    public List<@Nullable String> queryRow(String sql) {
        List<@Nullable String> row = lastRow(sql);
        if (row == null) {
            throw new IllegalStateException("no row from: " + sql);
        }
        return row;
    }

    /**
     * Runs one query by the simple protocol.
     *
     * @return the first column of its last row as text; empty where there is no row or it is NULL
     */
    public Optional<String> queryText(String sql) {
        List<@Nullable String> row = lastRow(sql);
        return row == null ? Optional.empty() : Optional.ofNullable(row.getFirst());
    }

    private @Nullable List<@Nullable String> lastRow(String sql) {
        try {
            channel.begin('Q').addString(sql).end().flush();
            List<@Nullable String> row = null;
            ServerError error = null;
            while (true) {
                switch (channel.readMessage()) {
                    case 'D' -> row = dataRow();
                    case 'E' -> error = readError();
                    case 'Z' -> {
                        if (error != null) {
                            throw new WireException(error);
                        }
                        return row;
                    }
                    default -> {
                        // The row's description, the tag, notices.
                    }
                }
            }
        } catch (IOException problem) {
            throw failure(problem);
        }
    }

    private List<@Nullable String> dataRow() throws IOException {
        List<@Nullable String> values = new ArrayList<>();
        int columns = channel.shortAt(0);
        int at = 2;
        for (int i = 0; i < columns; i++) {
            int length = channel.intAt(at);
            at += 4;
            values.add(length < 0 ? null : channel.textAt(at, length));
            at += Math.max(length, 0);
        }
        return values;
    }

    /**
     * Runs a statement that must be read neither in the server's log nor in its statistics; see
     * {@link ConcealedStatements}.
     */
    public void executeConcealed(String sql) {
        execute(ConcealedStatements.PREPARE);
        startCopy(ConcealedStatements.COPY, 'G');
        byte[] row = ConcealedStatements.row(sql).getBytes(StandardCharsets.UTF_8);
        channel.begin('d').addBytes(row, 0, row.length).end();
        endCopy();
        try {
            execute(ConcealedStatements.EXECUTE);
        } finally {
            execute(ConcealedStatements.FORGET);
        }
    }

    /**
     * Copies what {@code copyOut} gives at this session into {@code copyIn} at the other, byte by
     * byte, in whatever transactions the two have open. After a failure both sessions must be
     * closed: their streams may hold the rest.
     *
     * @return rows that the destination took
     */
    public long copyTo(
            WireSession destination, String copyOut, String copyIn, WireChannel.ByteMeter meter) {
        destination.startCopy(copyIn, 'G');
        startCopy(copyOut, 'H');
        receive(new CopySink(destination), meter);
        return destination.endCopy();
    }

    /**
     * Copies what each of {@code copyOuts} gives at this session into its counterpart at the other,
     * without waiting for an answer in between. After a failure both sessions must be closed.
     *
     * <p>A server that has refused a statement goes on reading, and drops, all that follows. What
     * it says before the end, a few bytes for a column, has to fit into the sockets' buffers: for
     * some dozens of tables.
     *
     * @param before statements that the other runs before the first COPY
     * @param meters told of the bytes of each
     */
    public CopiedAll copyAllTo(
            WireSession destination,
            String before,
            List<String> copyOuts,
            List<String> copyIns,
            List<? extends WireChannel.ByteMeter> meters) {
        WireChannel to = destination.channel;
        destination.send(before + "; " + String.join("; ", copyIns));
        send(String.join("; ", copyOuts));
        try {
            for (WireChannel.ByteMeter meter : meters) {
                passOne(destination, meter);
            }
            awaitReady();
        } catch (IOException problem) {
            throw failure(problem);
        }
        try {
            to.flush();
            List<String> tags = destination.awaitTags();
            int copies = tags.size() - copyIns.size();
            List<Long> rows = new ArrayList<>();
            for (String tag : tags.subList(copies, tags.size())) {
                rows.add(rows(tag));
            }
            return new CopiedAll(tags.get(copies - 1), rows);
        } catch (WireException refused) {
            throw destination.failure(refused);
        } catch (IOException problem) {
            throw destination.refusal(problem);
        }
    }

    /**
     * What {@link #copyAllTo} brought.
     *
     * @param before the tag of the last statement before the first COPY
     * @param rows that each COPY took
     */
    public record CopiedAll(String before, List<Long> rows) {}

    private void send(String sql) {
        try {
            channel.begin('Q').addString(sql).end().flush();
        } catch (IOException problem) {
            throw failure(problem);
        }
    }

    /** Passes on what one COPY sends, to one that takes it. */
    private void passOne(WireSession destination, WireChannel.ByteMeter meter) throws IOException {
        WireChannel to = destination.channel;
        WireChannel.ByteSink sink =
                (bytes, offset, length) -> {
                    to.addBytes(bytes, offset, length);
                    destination.flushMuch();
                };
        char type = ' ';
        while (type != 'c') {
            channel.passCopyData(sink, meter);
            type = channel.readMessage();
            if (type == 'E') {
                throw new WireException(readError());
            } else if (type == 'Z') {
                throw WireChannel.unexpected(type);
            }
        }
        to.begin('c').end();
    }

    private void flushMuch() {
        if (channel.pendingBytes() > JOINED_BYTES) {
            try {
                channel.flush();
            } catch (IOException problem) {
                throw refusal(problem);
            }
        }
    }

    private List<String> awaitTags() throws IOException {
        List<String> tags = new ArrayList<>();
        ServerError error = null;
        while (true) {
            switch (channel.readMessage()) {
                case 'C' -> tags.add(channel.textAt(0, channel.bodyLength() - 1));
                case 'E' -> error = error == null ? readError() : error;
                case 'Z' -> {
                    if (error != null) {
                        throw new WireException(error);
                    }
                    return tags;
                }
                default -> {
                    // Rows, notices, and that a COPY has begun.
                }
            }
        }
    }

    /**
     * Gives what {@code copyOut} sends to {@code sink}, as it comes: CopyData messages, in runs
     * that begin and end anywhere. After a failure the session must be closed.
     *
     * @return rows that the server gave
     */
    public long copyOut(String copyOut, WireChannel.ByteSink sink, WireChannel.ByteMeter meter) {
        startCopy(copyOut, 'H');
        try {
            return rows(receive(sink, meter));
        } catch (IOException problem) {
            throw failure(problem);
        }
    }

    /**
     * Feeds {@code copyIn} with what {@link #copyOut} gave once. After a failure, also one of
     * {@code source}, the session must be closed: nothing of the COPY stays then.
     *
     * @param source writes all of it, in order
     * @return rows that the server took
     */
    public long copyIn(String copyIn, Consumer<WireChannel.ByteSink> source) {
        startCopy(copyIn, 'G');
        source.accept(new CopySink(this));
        return endCopy();
    }

    /** Passes on the data of a COPY that has been started; returns its tag. */
    private String receive(WireChannel.ByteSink sink, WireChannel.ByteMeter meter) {
        try {
            boolean more = true;
            while (more) {
                channel.passCopyData(sink, meter);
                char type = channel.readMessage();
                switch (type) {
                    case 'c' -> more = false;
                    case 'E' -> throw new WireException(readError());
                    case 'C', 'Z' -> throw WireChannel.unexpected(type);
                    default -> {
                        // Notices and parameter changes.
                    }
                }
            }
            return awaitReady();
        } catch (IOException problem) {
            throw failure(problem);
        }
    }

    private void startCopy(String sql, char response) {
        try {
            channel.begin('Q').addString(sql).end().flush();
            char type = channel.readMessage();
            while (type != response) {
                if (type == 'E') {
                    throw new WireException(readError());
                } else if (type == 'Z') {
                    throw WireChannel.unexpected(type);
                }
                type = channel.readMessage();
            }
        } catch (IOException problem) {
            throw failure(problem);
        }
    }

    private long endCopy() {
        try {
            channel.begin('c').end().flush();
            return rows(awaitReady());
        } catch (IOException problem) {
            throw failure(problem);
        }
    }

    private static long rows(String tag) throws IOException {
        if (!tag.matches("COPY \\d{1,18}")) {
            throw new IOException("COPY ended with \"" + tag + "\"");
        }
        return Long.parseLong(tag.substring(tag.indexOf(' ') + 1));
    }

    /**
     * The destination's end of a COPY. A server that has refused a row goes on reading and dropping
     * data until the end, so it is listened to from time to time: gigabytes need not be sent to a
     * statement that has failed already.
     */
    private static final class CopySink implements WireChannel.ByteSink {
        private static final int LISTEN_BYTES = 4 * 1024 * 1024;

        private final WireSession destination;
        private int silent;

        CopySink(WireSession destination) {
            this.destination = destination;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                destination.channel.writeThrough(bytes, offset, length);
                silent += length;
                if (silent > LISTEN_BYTES) {
                    silent = 0;
                    destination.throwIfRefused();
                }
            } catch (IOException problem) {
                throw destination.refusal(problem);
            }
        }
    }

    private void throwIfRefused() throws IOException {
        while (channel.hasInput()) {
            if (channel.readMessage() == 'E') {
                throw new WireException(readError());
            }
        }
    }

    /** A server that hangs up says why first: what it said is worth more than the broken pipe. */
    private RuntimeException refusal(IOException problem) {
        try {
            throwIfRefused();
            return failure(problem);
        } catch (IOException said) {
            return failure(said instanceof WireException ? said : problem);
        }
    }

    /** Reads until ReadyForQuery; throws the first error met on the way. */
    String awaitReady() throws IOException {
        String tag = "";
        ServerError error = null;
        while (true) {
            switch (channel.readMessage()) {
                case 'C' -> tag = channel.textAt(0, channel.bodyLength() - 1);
                case 'E' -> error = error == null ? readError() : error;
                case 'Z' -> {
                    if (error != null) {
                        throw new WireException(error);
                    }
                    return tag;
                }
                default -> {
                    // Rows, notices and parameter changes are of no interest here.
                }
            }
        }
    }

    ServerError readError() {
        return ServerError.read(channel.buffer(), channel.bodyStart(), channel.bodyLength());
    }

    RuntimeException failure(IOException problem) {
        String verdict = channel.verdict();
        return verdict == null
                ? ServerErrors.from(side, problem)
                : ServerErrors.silent(side, verdict, problem);
    }

    /** Asks the server to stop the statement under way. From any thread. */
    public void cancel() {
        try {
            login.unwrap(org.postgresql.PGConnection.class).cancelQuery();
        } catch (SQLException ignored) {
            // A statement that has ended meanwhile needs no cancelling.
        }
    }

    /** Cuts the connection; a thread that waits in it fails. From any thread. */
    public void abort() {
        channel.close();
    }

    /** Says good-bye and closes. Safe to call twice. */
    @Override
    public void close() {
        try {
            channel.begin('X').end().flush();
        } catch (IOException ignored) {
            // The connection is gone already, which is what was wanted.
        }
        channel.close();
        try {
            login.close();
        } catch (SQLException ignored) {
            // pgjdbc finds its socket closed by us.
        }
    }
}
