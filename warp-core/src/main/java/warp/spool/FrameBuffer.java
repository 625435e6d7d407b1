package warp.spool;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;
import warp.postgres.wire.ChangeStream.Frame;

/**
 * Frames one behind the other, before compression: {@code w}, walStart, walEnd, length, bytes; or
 * {@code k}, walEnd. For one thread at a time.
 */
final class FrameBuffer {

    private static final int DATA_HEAD = 1 + 8 + 8 + 4;
    private static final int ALIVE = 1 + 8;

    private byte[] bytes = new byte[4096];
    private int size;

    int size() {
        return size;
    }

    byte[] bytes() {
        return bytes;
    }

    void add(Frame frame) {
        switch (frame) {
            case Frame.Data data -> {
                reserve(DATA_HEAD + data.bytes().length);
                ByteBuffer.wrap(bytes, size, DATA_HEAD)
                        .put((byte) 'w')
                        .putLong(data.walStart().value())
                        .putLong(data.walEnd().value())
                        .putInt(data.bytes().length);
                System.arraycopy(data.bytes(), 0, bytes, size + DATA_HEAD, data.bytes().length);
                size += DATA_HEAD + data.bytes().length;
            }
            case Frame.KeepAlive alive -> {
                reserve(ALIVE);
                ByteBuffer.wrap(bytes, size, ALIVE).put((byte) 'k').putLong(alive.walEnd().value());
                size += ALIVE;
            }
        }
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            long doubled = Math.min(2L * bytes.length, Integer.MAX_VALUE - 16);
            bytes = Arrays.copyOf(bytes, (int) Math.max(doubled, needed));
        }
    }

    /** Forgets the first {@code count} bytes; what a single large message needed is given back. */
    void drop(int count, int usual) {
        int left = size - count;
        if (bytes.length > 4 * (long) usual && left <= usual) {
            byte[] smaller = new byte[Math.max(2 * usual, 4096)];
            System.arraycopy(bytes, count, smaller, 0, left);
            bytes = smaller;
        } else {
            System.arraycopy(bytes, count, bytes, 0, left);
        }
        size = left;
    }

    /** Forgets all but the first {@code count} bytes. */
    void truncate(int count) {
        size = count;
    }

    /**
     * Reads the next frame of a block that was believed by its checksum; null at the end.
     *
     * @throws IllegalStateException where the bytes are no frame
     */
    static @Nullable Frame read(ByteBuffer in) {
        if (!in.hasRemaining()) {
            return null;
        }
        try {
            byte kind = in.get();
            if (kind == 'w') {
                Lsn walStart = new Lsn(in.getLong());
                Lsn walEnd = new Lsn(in.getLong());
                int length = in.getInt();
                if (length >= 0 && length <= in.remaining()) {
                    byte[] payload = new byte[length];
                    in.get(payload);
                    return new Frame.Data(walStart, walEnd, payload);
                }
            } else if (kind == 'k') {
                return new Frame.KeepAlive(new Lsn(in.getLong()), false);
            }
            throw new IllegalStateException("a block holds what is no frame");
        } catch (BufferUnderflowException problem) {
            throw new IllegalStateException("a frame goes beyond its block", problem);
        }
    }
}
