package warp.postgres.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A socket that carries protocol messages: one byte of type, four of length (themselves included),
 * the body.
 *
 * <p>Reading and writing are independent: one thread may read while another writes, but not two of
 * a kind. After {@link #readMessage} the body stands in {@link #buffer()} from {@link #bodyStart()}
 * for {@link #bodyLength()} bytes, until the next read.
 *
 * <p>A message that is longer than its kind can be is refused: it means that the stream is out of
 * step, or that the server is not what it seems. A row may have a gigabyte, which PostgreSQL itself
 * cannot exceed; memory is taken as bytes come, not as a length promises. Rows of COPY are passed
 * on in pieces and may have any length.
 */
public final class WireChannel implements AutoCloseable {

    /** Longest message accepted: a row of 1 GB and its headers. */
    private static final int MESSAGE_BYTES_MAX = 0x4000_0000;

    /** Longest of those that are no row: what a server complains of, and names of 1600 columns. */
    private static final int WORDS_BYTES_MAX = 16 * 1024 * 1024;

    /** Longest of all others, which are a few numbers or a name; libpq has the same limit. */
    private static final int SIGNAL_BYTES_MAX = 30_000;

    private static final int BUFFER_BYTES = 256 * 1024;

    /** Rows of COPY are sent together up to this: enough that the message does not count. */
    private static final int JOINED_BYTES_MAX = 64 * 1024;

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int HEADER_BYTES = 5;

    private final Socket socket;
    private final Socket transport;
    private final InputStream input;
    private final OutputStream output;
    private final Vigil vigil;

    private byte[] in = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private int bodyLength;

    private byte[] out = new byte[BUFFER_BYTES];
    private int used;
    private int messageStart;

    /**
     * @param transport the TCP socket below a TLS socket, else the socket itself
     */
    public WireChannel(Socket socket, Socket transport) throws IOException {
        this(socket, transport, Vigil.none());
    }

    /**
     * @param vigil told of every wait for the socket, and closed with it
     */
    public WireChannel(Socket socket, Socket transport, Vigil vigil) throws IOException {
        this.vigil = vigil;
        this.socket = socket;
        this.transport = transport;
        this.input = socket.getInputStream();
        this.output = socket.getOutputStream();
    }

    // ---- reading

    /**
     * Waits for the next message and reads it whole.
     *
     * @return its type
     * @throws EOFException where the server closed the connection
     */
    char readMessage() throws IOException {
        position += bodyLength;
        bodyLength = 0;
        require(HEADER_BYTES);
        char type = (char) in[position];
        int length = lengthAt(position);
        position += HEADER_BYTES;
        require(length - 4);
        bodyLength = length - 4;
        return type;
    }

    byte[] buffer() {
        return in;
    }

    int bodyStart() {
        return position;
    }

    int bodyLength() {
        return bodyLength;
    }

    /** A copy of the body, for messages that outlive the next read. */
    byte[] bodyCopy(int from) throws IOException {
        checkBody(from, 0);
        return Arrays.copyOfRange(in, position + from, position + bodyLength);
    }

    int byteAt(int offset) throws IOException {
        checkBody(offset, 1);
        return in[position + offset];
    }

    int shortAt(int offset) throws IOException {
        checkBody(offset, 2);
        return (short) SHORTS.get(in, position + offset) & 0xFFFF;
    }

    int intAt(int offset) throws IOException {
        checkBody(offset, 4);
        return (int) INTS.get(in, position + offset);
    }

    long longAt(int offset) throws IOException {
        checkBody(offset, 8);
        return (long) LONGS.get(in, position + offset);
    }

    /** A part of the body as text. */
    String textAt(int offset, int length) throws IOException {
        checkBody(offset, length);
        return new String(in, position + offset, length, StandardCharsets.UTF_8);
    }

    private void checkBody(int offset, int length) throws IOException {
        if (length < 0 || offset > bodyLength - length) {
            throw new IOException("a message is broken off: the connection is out of step");
        }
    }

    /** What to throw where a message comes that cannot come now. */
    static IOException unexpected(char type) {
        return new IOException(
                "a message of type '" + type + "' came out of turn: the connection is out of step");
    }

    /** Whether something can be read without waiting, as far as the socket tells. */
    boolean hasInput() throws IOException {
        return limit > position + bodyLength || input.available() > 0;
    }

    /**
     * Whether a whole message can be read without waiting; takes in what has arrived. Ends the use
     * of the body read last.
     */
    boolean hasMessage() throws IOException {
        position += bodyLength;
        bodyLength = 0;
        while (limit - position < HEADER_BYTES || limit - position <= lengthAt(position)) {
            int arrived = input.available();
            if (arrived <= 0) {
                return false;
            }
            require(limit - position + 1);
        }
        return true;
    }

    /**
     * Passes CopyData messages on to {@code sink} without looking into them, until another kind of
     * message stands next. What COPY OUT gives is what COPY IN takes, however it is cut: a server
     * sends a message for each row, and taking each one in costs the other server more than joining
     * them costs here. So those that have come together go on as one; a long one goes on as it
     * comes.
     *
     * @param meter told of every run of bytes written
     */
    void passCopyData(ByteSink sink, ByteMeter meter) throws IOException {
        position += bodyLength;
        bodyLength = 0;
        while (true) {
            require(HEADER_BYTES);
            if (in[position] != 'd') {
                return;
            }
            int length = 1 + lengthAt(position);
            if (length > JOINED_BYTES_MAX) {
                passInPieces(length, sink, meter);
            } else {
                require(length);
                int end = join(length);
                int joined = 1 + (int) INTS.get(in, position + 1);
                sink.write(in, position, joined);
                meter.passed(joined);
                position = end;
                moveToFront();
            }
        }
    }

    /**
     * Makes one CopyData message of the whole ones that are here, in place of the first.
     *
     * @param first length of the first
     * @return where they ended
     */
    private int join(int first) throws IOException {
        int end = position + first;
        int joined = end;
        while (limit - end >= HEADER_BYTES && in[end] == 'd') {
            int length = 1 + lengthAt(end);
            if (length > limit - end || joined - position + length > JOINED_BYTES_MAX) {
                break;
            }
            System.arraycopy(in, end + HEADER_BYTES, in, joined, length - HEADER_BYTES);
            joined += length - HEADER_BYTES;
            end += length;
        }
        INTS.set(in, position + 1, joined - position - 1);
        return end;
    }

    private void passInPieces(int length, ByteSink sink, ByteMeter meter) throws IOException {
        int left = length;
        while (true) {
            int piece = Math.min(left, limit - position);
            sink.write(in, position, piece);
            meter.passed(piece);
            position += piece;
            left -= piece;
            if (left == 0) {
                return;
            }
            position = 0;
            limit = 0;
            int read = receive(0, in.length);
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            limit = read;
        }
    }

    /** So that the next read has room for many rows: what is left is less than one, or a few. */
    private void moveToFront() {
        if (limit - position <= JOINED_BYTES_MAX) {
            System.arraycopy(in, position, in, 0, limit - position);
            limit -= position;
            position = 0;
        }
    }

    private int lengthAt(int header) throws IOException {
        int length = (int) INTS.get(in, header + 1);
        if (length < 4 || length > longest((char) in[header])) {
            throw new IOException(
                    "a message of " + length + " bytes: the connection is out of step");
        }
        return length;
    }

    private static int longest(char type) {
        return switch (type) {
            case 'd', 'D' -> MESSAGE_BYTES_MAX;
            case 'E', 'N', 'A', 'T', 't' -> WORDS_BYTES_MAX;
            default -> SIGNAL_BYTES_MAX;
        };
    }

    /** Makes sure that {@code bytes} stand in the buffer from the position on. */
    private void require(int bytes) throws IOException {
        if (limit - position >= bytes) {
            return;
        }
        if (in.length - position < bytes) {
            System.arraycopy(in, position, in, 0, limit - position);
            limit -= position;
            position = 0;
        }
        while (limit - position < bytes) {
            if (limit == in.length) {
                // Grows with what has come, not with what a damaged length promises.
                in = Arrays.copyOf(in, Math.min(bytes + BUFFER_BYTES, 2 * in.length));
            }
            int read = receive(limit, in.length - limit);
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            limit += read;
        }
    }

    private int receive(int offset, int length) throws IOException {
        vigil.reads();
        try {
            return input.read(in, offset, length);
        } finally {
            vigil.read();
        }
    }

    /** Why the vigil cut the connection; null where it did not. */
    @Nullable String verdict() {
        return vigil.verdict();
    }

    /** How long what is to be read has been waited for, of how long that is normal. */
    boolean isLongSilent() {
        Duration max = vigil.silenceMax();
        return max.isPositive() && vigil.silence().multipliedBy(2).compareTo(max) > 0;
    }

    // ---- writing

    WireChannel begin(char type) {
        ensure(HEADER_BYTES);
        messageStart = used;
        out[used] = (byte) type;
        used += HEADER_BYTES;
        return this;
    }

    WireChannel addByte(int value) {
        ensure(1);
        out[used++] = (byte) value;
        return this;
    }

    WireChannel addShort(int value) {
        ensure(2);
        out[used++] = (byte) (value >>> 8);
        out[used++] = (byte) value;
        return this;
    }

    WireChannel addInt(int value) {
        ensure(4);
        putInt(used, value);
        used += 4;
        return this;
    }

    WireChannel addLong(long value) {
        return addInt((int) (value >>> 32)).addInt((int) value);
    }

    WireChannel addBytes(byte[] bytes, int offset, int length) {
        ensure(length);
        System.arraycopy(bytes, offset, out, used, length);
        used += length;
        return this;
    }

    /** A string of the protocol: UTF-8 and a NUL. */
    WireChannel addString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return addBytes(bytes, 0, bytes.length).addByte(0);
    }

    /** Ends the message begun last. */
    WireChannel end() {
        putInt(messageStart + 1, used - messageStart - 1);
        return this;
    }

    /** Bytes that wait to be written. */
    int pendingBytes() {
        return used;
    }

    void flush() throws IOException {
        if (used > 0) {
            send(out, 0, used);
            used = 0;
        }
        if (out.length > 16 * BUFFER_BYTES) {
            out = new byte[BUFFER_BYTES];
        }
        output.flush();
    }

    /** Writes without a copy, after what waits already. */
    void writeThrough(byte[] bytes, int offset, int length) throws IOException {
        if (used > 0) {
            flush();
        }
        send(bytes, offset, length);
    }

    private void send(byte[] bytes, int offset, int length) throws IOException {
        vigil.writes();
        try {
            output.write(bytes, offset, length);
        } finally {
            vigil.wrote();
        }
    }

    private void putInt(int at, int value) {
        out[at] = (byte) (value >>> 24);
        out[at + 1] = (byte) (value >>> 16);
        out[at + 2] = (byte) (value >>> 8);
        out[at + 3] = (byte) value;
    }

    private void ensure(int bytes) {
        if (out.length - used < bytes) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, used + bytes));
        }
    }

    /** Closes the socket at once; a thread that reads or writes gets an {@link IOException}. */
    @Override
    public void close() {
        vigil.close();
        try {
            // A TLS socket waits with its good-bye for a writer that is stuck; TCP does not.
            transport.close();
            socket.close();
        } catch (IOException ignored) {
            // Nothing can be done about a socket that does not even close.
        }
    }

    /** Takes whole and broken-off frames of COPY as they come. */
    @FunctionalInterface
    public interface ByteSink {
        void write(byte[] bytes, int offset, int length);
    }

    /**
     * Is told how many bytes went by; called often, from the copying thread; may wait in order to
     * throttle.
     */
    @FunctionalInterface
    public interface ByteMeter {
        void passed(int bytes);
    }
}
