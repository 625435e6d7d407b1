package warp.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;

/**
 * Reads one message from its first byte to its last. Every step beyond the end is a typed error, so
 * that what is built upon it cannot leave the message, nor reserve more than its length justifies.
 */
final class MessageReader {

    private static final VarHandle INT16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT64 =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final String HINT =
            "the change stream is not what this version of Warp understands: report it with the"
                    + " source's version (SELECT version())";

    private final String plugin;
    private final Lsn walStart;
    private final byte[] data;
    private final int start;
    private final int end;
    private String kind = "unknown";
    private int position;

    MessageReader(String plugin, Lsn walStart, byte[] data, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, data.length);
        this.plugin = plugin;
        this.walStart = walStart;
        this.data = data;
        this.start = offset;
        this.end = offset + length;
        this.position = offset;
    }

    /** Says what is being read, for errors. */
    void kind(String name) {
        this.kind = name;
    }

    Lsn walStart() {
        return walStart;
    }

    /** The array that the message stands in. */
    byte[] data() {
        return data;
    }

    /** Index of the next byte in {@link #data}. */
    int position() {
        return position;
    }

    /** Bytes not read yet. */
    int remaining() {
        return end - position;
    }

    boolean atEnd() {
        return position == end;
    }

    /** The next byte, unsigned, without reading it; -1 at the end. */
    int peek() {
        return position < end ? data[position] & 0xFF : -1;
    }

    int uint8() {
        return data[advance(1)] & 0xFF;
    }

    int uint16() {
        return (short) INT16.get(data, advance(2)) & 0xFFFF;
    }

    int int32() {
        return (int) INT32.get(data, advance(4));
    }

    long int64() {
        return (long) INT64.get(data, advance(8));
    }

    /** Reads {@code bytes} of them; returns the index of the first. */
    int advance(int bytes) {
        if (bytes < 0 || bytes > end - position) {
            throw malformed("ends too early");
        }
        int from = position;
        position += bytes;
        return from;
    }

    /** A text that ends with a zero byte. */
    String string() {
        int from = position;
        int to = from;
        while (to < end && data[to] != 0) {
            to++;
        }
        if (to == end) {
            throw malformed("a text does not end");
        }
        position = to + 1;
        return utf8(from, to - from);
    }

    /**
     * The text at an index of {@link #data}; names must be valid UTF-8, else two could become one.
     */
    String utf8(int from, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("a text is not UTF-8", e);
        }
    }

    /** Reads {@code token} (ASCII) where it comes next; else reads nothing. */
    boolean accept(String token) {
        if (!comes(token)) {
            return false;
        }
        position += token.length();
        return true;
    }

    /** Whether {@code token} (ASCII) comes next. */
    boolean comes(String token) {
        if (token.length() > end - position) {
            return false;
        }
        for (int i = 0; i < token.length(); i++) {
            if (data[position + i] != token.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Reads {@code token} (ASCII), which must come next. */
    void expect(String token) {
        if (!accept(token)) {
            throw malformed("expected \"" + token + "\"");
        }
    }

    void expectEnd() {
        if (position != end) {
            throw malformed((end - position) + " bytes too many");
        }
    }

    /**
     * A number in ASCII digits.
     *
     * @param digitsMax at most 18
     */
    long digits(int digitsMin, int digitsMax) {
        long number = 0;
        int count = 0;
        while (count < digitsMax && peek() >= '0' && peek() <= '9') {
            number = number * 10 + (data[position++] - '0');
            count++;
        }
        if (count < digitsMin) {
            throw malformed("expected a number");
        }
        return number;
    }

    WarpException malformed(String problem) {
        return new WarpException(ErrorCode.MALFORMED, sentence(problem)).hint(HINT);
    }

    WarpException malformed(String problem, Throwable cause) {
        return new WarpException(ErrorCode.MALFORMED, sentence(problem), cause).hint(HINT);
    }

    private String sentence(String problem) {
        return plugin
                + " message "
                + kind
                + " at "
                + walStart
                + ", offset "
                + (position - start)
                + ": "
                + problem;
    }
}
