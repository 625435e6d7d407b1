package warp.stream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a transaction that has not committed yet, in their order: in memory while they are
 * few, then in a file that only its user may read and that has no name, so that it goes with the
 * process, however that ends. First it is written, then, once, read. For one thread.
 */
final class StreamedTransaction implements AutoCloseable {

    private static final int BUFFER_BYTES = 256 * 1024;

    /** A message is its length, its position, its bytes. */
    private static final int HEAD_BYTES = Integer.BYTES + Long.BYTES;

    private final Path folder;

    /** Where the messages of each subtransaction begin. */
    private final Map<Integer, Long> begins = new HashMap<>();

    /** What is not in the file, being written or read. */
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    private @Nullable FileChannel file;
    private long fileBytes;

    /** Up to where the file has been read. */
    private long readBytes;

    private long position;
    private int from;
    private int length;

    /**
     * @param folder where the file is made, if there is need of one
     */
    StreamedTransaction(Path folder) {
        this.folder = folder;
    }

    // ---- writing

    /**
     * Adds a message.
     *
     * @param subtransaction that it belongs to
     * @param skipped so many bytes after its first are left out
     */
    void add(int subtransaction, long at, byte[] bytes, int start, int count, int skipped)
            throws IOException {
        begins.putIfAbsent(subtransaction, size());
        int kept = count - skipped;
        int needed = Math.addExact(HEAD_BYTES, kept);
        if (buffer.remaining() < needed) {
            store();
        }
        if (buffer.remaining() < needed) {
            buffer = ByteBuffer.allocate(needed);
        }
        buffer.putInt(kept).putLong(at).put(bytes[start]).put(bytes, start + 1 + skipped, kept - 1);
    }

    private long size() {
        return fileBytes + buffer.position();
    }

    private void store() throws IOException {
        FileChannel into = file;
        if (into == null) {
            into =
                    FileChannel.open(
                            Files.createTempFile(folder, "warp-streamed-", null),
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE);
            file = into;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            fileBytes += into.write(buffer, fileBytes);
        }
        buffer.clear();
    }

    /**
     * Forgets what a subtransaction has added. Whatever came after its first message is its own or
     * of those within it: nobody else writes before it has ended, and once it has ended well, it is
     * undone with the one around it only.
     */
    void undo(int subtransaction) throws IOException {
        Long begin = begins.get(subtransaction);
        if (begin == null) {
            return;
        }
        if (begin >= fileBytes) {
            buffer.position((int) (begin - fileBytes));
        } else if (file != null) {
            file.truncate(begin);
            fileBytes = begin;
            buffer.clear();
        }
        begins.values().removeIf(other -> other >= begin);
    }

    // ---- reading

    /** From now on it is read. */
    void ended() throws IOException {
        if (file != null) {
            store();
        }
        buffer.flip();
    }

    /** Goes to the next message; false after the last. */
    boolean next() throws IOException {
        if (!has(HEAD_BYTES)) {
            return false;
        }
        length = buffer.getInt();
        position = buffer.getLong();
        if (!has(length)) {
            throw new EOFException("a message is cut off");
        }
        from = buffer.position();
        buffer.position(from + length);
        return true;
    }

    private boolean has(int needed) throws IOException {
        FileChannel rest = file;
        if (buffer.remaining() >= needed || rest == null) {
            return buffer.remaining() >= needed;
        }
        buffer =
                buffer.capacity() < needed
                        ? ByteBuffer.allocate(needed).put(buffer)
                        : buffer.compact();
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = rest.read(buffer, readBytes);
            readBytes += Math.max(read, 0);
        }
        buffer.flip();
        return buffer.remaining() >= needed;
    }

    long position() {
        return position;
    }

    /** Holds the message until {@link #next} is called again. */
    byte[] array() {
        return buffer.array();
    }

    int from() {
        return from;
    }

    int length() {
        return length;
    }

    /** What it held is gone: its file has had no name since it was made. */
    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException unimportant) {
            // Nobody reads it any more.
        }
    }
}
