package warp.postgres.wire;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import warp.model.Tuple;

/**
 * Prepared statements sent one behind the other without waiting for answers ("Extended Query" and
 * "Pipelining" in the manual). Answers are read later, in order; each affected-row count is handed
 * to the statement's {@link Expectation}.
 *
 * <p>Parameters are texts, typed by OID. At most {@link #OUTSTANDING_MAX} answers may be open
 * before the pipeline reads them by itself, and what has arrived is read before every write: an
 * answer has about 25 bytes, and one to a COPY counts as many of them, so the open ones fit into
 * the sockets' buffers and neither side can wait for the other for ever.
 *
 * <p>A COPY FROM STDIN is executed as any statement, and its rows follow at once: a server that
 * refuses it, or one of them, drops what follows as it does all else ("COPY Operations").
 *
 * <p>After an error the server skips everything up to the next Sync, which ends the transaction as
 * failed; the pipeline then throws and must not be used again. For one thread.
 */
public final class Pipeline {

    /** Answers that may be open at once. */
    public static final int OUTSTANDING_MAX = 2048;

    private static final int STATEMENTS_MAX = 512;
    private static final int WRITE_BYTES = 128 * 1024;

    /** So much is gathered behind a barrier before the answers that it needs are waited for. */
    private static final int GATHERED_BYTES_MAX = 4 * 1024 * 1024;

    private final WireSession session;
    private final WireChannel channel;
    private final Queue<Answer> outstanding = new ArrayDeque<>();
    private int statementsMade;

    /** How much is open, in answers of the usual length. */
    private int outstandingWeight;

    private @Nullable Runnable waiting;

    /** How many of the oldest open answers must be read before anything more is written. */
    private int guarded;

    private final LinkedHashMap<Object, Prepared> statements =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Object, Prepared> eldest) {
                    if (size() <= STATEMENTS_MAX) {
                        return false;
                    }
                    channel.begin('C').addByte('S').addString(eldest.getValue().name()).end();
                    return true;
                }
            };

    public Pipeline(WireSession session) {
        this.session = session;
        this.channel = session.channel();
    }

    /** A statement the server knows by name. */
    public record Prepared(String name, int parameters) {}

    /**
     * What a statement's answer must be; called in order of the statements, from the pipeline's
     * thread.
     */
    public interface Expectation {
        /**
         * Checks the count of rows a statement affected.
         *
         * @throws warp.error.WarpException where it must not be so
         */
        void affected(long rows);

        /** Turns what the server said into an error that names what was being done. */
        RuntimeException failed(ServerError error);
    }

    /**
     * Exactly one of the two: a statement's answer, or that of a Sync.
     *
     * @param weight as how many usual answers it counts
     */
    private record Answer(
            @Nullable Expectation expectation, @Nullable Runnable synced, int weight) {}

    /**
     * Sends something only when anything else is begun, or all is to be sent. What it does with the
     * pipeline stands before that.
     *
     * @throws IllegalStateException where something waits already
     */
    public void holdBack(Runnable send) {
        if (waiting != null) {
            throw new IllegalStateException("something waits already");
        }
        waiting = send;
    }

    /** Sends what was {@linkplain #holdBack held back}. */
    public void sendWaiting() {
        Runnable send = waiting;
        if (send != null) {
            waiting = null;
            send.run();
        }
    }

    /**
     * The statement for {@code key}, prepared the first time it is asked for.
     *
     * @param key anything with equals and hashCode that stands for the SQL text
     * @param parameterOids type of each parameter; 0 lets the server infer it
     */
    public Prepared prepare(Object key, java.util.function.Supplier<Source> source) {
        sendWaiting();
        Prepared known = statements.get(key);
        if (known != null) {
            return known;
        }
        Source text = source.get();
        Prepared made = new Prepared("w" + statementsMade++, text.parameterOids().size());
        channel.begin('P').addString(made.name()).addString(text.sql()).addShort(made.parameters());
        text.parameterOids().forEach(channel::addInt);
        channel.end();
        statements.put(key, made);
        return made;
    }

    /** A statement's text with the types of its parameters. */
    public record Source(String sql, java.util.List<Integer> parameterOids) {}

    /** Begins an execution; parameters follow by {@code parameter…}, then {@link #execute}. */
    public Pipeline bind(Prepared statement) {
        sendWaiting();
        channel.begin('B').addByte(0).addString(statement.name()).addShort(0);
        channel.addShort(statement.parameters());
        return this;
    }

    /** The next parameter is a column of a row: its text, or NULL. */
    public Pipeline parameter(Tuple tuple, int column) {
        if (tuple.isNull(column)) {
            return parameterNull();
        }
        channel.addInt(tuple.length(column));
        channel.addBytes(tuple.data(), tuple.offset(column), tuple.length(column));
        return this;
    }

    public Pipeline parameter(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        channel.addInt(bytes.length).addBytes(bytes, 0, bytes.length);
        return this;
    }

    /** The next parameter is the text that the first {@code length} bytes hold. */
    public Pipeline parameter(byte[] text, int length) {
        channel.addInt(length).addBytes(text, 0, length);
        return this;
    }

    public Pipeline parameterNull() {
        channel.addInt(-1);
        return this;
    }

    /** Ends the execution begun by {@link #bind}. */
    public void execute(Expectation expectation) {
        run();
        expect(new Answer(expectation, null, 1));
    }

    private void run() {
        channel.addShort(0).end();
        channel.begin('E').addByte(0).addInt(0).end();
    }

    private void expect(Answer answer) {
        outstanding.add(answer);
        outstandingWeight += answer.weight();
        writeMuch();
        if (outstandingWeight >= OUTSTANDING_MAX) {
            flush();
            readUntilWeight(OUTSTANDING_MAX / 2);
        }
    }

    /** Behind a barrier not before it is passed: the server would be waited for, and then wait. */
    private void writeMuch() {
        int pending = channel.pendingBytes();
        if (pending > WRITE_BYTES && guarded > 0) {
            readAvailable();
        }
        if (pending > (guarded > 0 ? GATHERED_BYTES_MAX : WRITE_BYTES)) {
            write();
        }
    }

    /**
     * Begins a COPY FROM STDIN without parameters; rows follow by {@link #copyData}, then {@link
     * #endCopy}, and nothing else in between.
     */
    public void beginCopy(Prepared statement) {
        bind(statement);
        run();
    }

    /** The next bytes of a COPY, cut anywhere. */
    public void copyData(byte[] bytes, int length) {
        channel.begin('d').addBytes(bytes, 0, length).end();
        writeMuch();
    }

    /**
     * Ends the COPY begun by {@link #beginCopy}.
     *
     * @param columns of the COPY: the server says a word on each
     */
    public void endCopy(int columns, Expectation expectation) {
        channel.begin('c').end();
        expect(new Answer(expectation, null, 2 + columns / 8));
    }

    /** Asks the server to answer what it has, and sends everything that waits. */
    public void flush() {
        sendWaiting();
        flushBegun();
    }

    /** As {@link #flush}, but what is {@linkplain #holdBack held back} goes on waiting. */
    public void flushBegun() {
        channel.begin('H').end();
        write();
    }

    /**
     * Ends a unit of work: an error after this point does not touch what came before. It is sent
     * with what follows, or by {@link #flush} or {@link #await}.
     *
     * @param synced called from the pipeline's thread when the server has done everything up to
     *     here
     */
    public void sync(Runnable synced) {
        sendWaiting();
        channel.begin('S').end();
        outstanding.add(new Answer(null, synced, 1));
        outstandingWeight++;
    }

    /**
     * What follows is not sent before everything so far is answered as expected: a COMMIT after it
     * cannot commit what an {@link Expectation} refuses. Does not wait: what follows is gathered
     * while the server works.
     */
    public void barrier() {
        flush();
        guarded = outstanding.size();
    }

    /** Sends everything that waits and reads every open answer. */
    public void await() {
        flush();
        readUntil(0);
    }

    /** Reads the answers that have arrived, without waiting for more. */
    public void readAvailable() {
        try {
            while (!outstanding.isEmpty() && channel.hasMessage()) {
                accept(channel.readMessage());
            }
        } catch (IOException problem) {
            throw session.failure(problem);
        }
    }

    /** Sends what waits behind a barrier where that is passed by now. Does not wait. */
    public void sendPassed() {
        readAvailable();
        if (guarded == 0) {
            send();
        }
    }

    /** How many answers are open. */
    public int outstanding() {
        return outstanding.size();
    }

    private void write() {
        readAvailable();
        readUntil(outstanding.size() - guarded);
        send();
    }

    private void send() {
        try {
            channel.flush();
        } catch (IOException problem) {
            throw session.failure(problem);
        }
    }

    private void readUntil(int left) {
        while (outstanding.size() > left) {
            readOne();
        }
    }

    private void readUntilWeight(int left) {
        while (outstandingWeight > left) {
            readOne();
        }
    }

    private void readOne() {
        try {
            accept(channel.readMessage());
        } catch (IOException problem) {
            throw session.failure(problem);
        }
    }

    /**
     * Takes one message, which may be only a part of the oldest open answer. The rest of that may
     * wait for a statement that is not sent yet, so nobody waits for it here.
     */
    private void accept(char type) throws IOException {
        Answer answer = outstanding.element();
        if (type == 'E') {
            throw failed(answer);
        } else if (type == 'Z' && answer.synced() != null) {
            done();
            answer.synced().run();
        } else if (type == 'C' && answer.expectation() != null) {
            done();
            answer.expectation().affected(affectedRows());
        } else if (type == 'Z' || type == 'C') {
            throw WireChannel.unexpected(type);
        }
    }

    private void done() {
        outstandingWeight -= outstanding.remove().weight();
        guarded = Math.max(guarded - 1, 0);
    }

    private RuntimeException failed(Answer answer) {
        ServerError error = session.readError();
        Expectation expectation = answer.expectation();
        return expectation == null
                ? session.failure(new WireException(error))
                : expectation.failed(error);
    }

    /** The number at the end of a tag such as {@code INSERT 0 1}; 0 where there is none. */
    private long affectedRows() {
        byte[] bytes = channel.buffer();
        int end = channel.bodyStart() + channel.bodyLength() - 1;
        long value = 0;
        long factor = 1;
        for (int at = end - 1; at >= channel.bodyStart(); at--) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return value;
            }
            value += digit * factor;
            factor *= 10;
        }
        return value;
    }
}
