package warp.copy.staging;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads the file of one chunk and lets nothing through whose checksum is wrong. Only after {@link
 * #next} has told the end are the bytes all that were written. For one thread.
 */
public final class ChunkFileReader implements AutoCloseable {

    private static final int PACKED_MAX = (int) Zstd.compressBound(ChunkFormat.FRAME_RAW_MAX);

    private final Path file;
    private final FileChannel channel;
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final byte[] packed = new byte[PACKED_MAX];
    private final byte[] raw = new byte[ChunkFormat.FRAME_RAW_MAX];
    private final ChunkHeader header;
    private int checksum;
    private int frames;
    private long rawBytes;
    private long rows = -1;

    /**
     * Opens it and reads its head.
     *
     * @throws DamagedFile where it is missing or its head is not what was written
     * @throws warp.error.WarpException FILE where it cannot be read
     */
    public ChunkFileReader(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException missing) {
            throw new DamagedFile(file, "is missing");
        } catch (IOException problem) {
            throw HostFiles.failure(file, "cannot be read", problem);
        }
        boolean opened = false;
        try {
            this.header = readHead();
            opened = true;
        } catch (IOException problem) {
            throw unreadable(problem);
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    private ChunkHeader readHead() throws IOException {
        ByteBuffer head = read(ChunkFormat.HEAD_BYTES);
        byte[] magic = new byte[ChunkFormat.MAGIC.length];
        head.get(magic);
        if (!Arrays.equals(magic, ChunkFormat.MAGIC)) {
            throw damaged("does not begin as Warp's files do");
        }
        int version = head.getInt();
        int length = head.getInt();
        if (version != ChunkFormat.VERSION || length < 0 || length > ChunkHeader.BYTES_MAX) {
            throw damaged("has a damaged head");
        }
        byte[] bytes = new byte[length];
        read(length).get(bytes);
        checksum = ChunkFormat.checksum(0, head.rewind(), bytes, length);
        if (read(4).getInt() != checksum) {
            throw damaged("has a damaged head");
        }
        return ChunkHeader.decode(bytes);
    }

    public ChunkHeader header() {
        return header;
    }

    /**
     * Reads and checks the next bytes; they stand in {@link #bytes()} until the next call.
     *
     * @return how many; -1 after the last
     * @throws DamagedFile where they are not what was written
     */
    public int next() {
        try {
            return rows >= 0 ? -1 : readPart();
        } catch (IOException problem) {
            throw unreadable(problem);
        }
    }

    /** A disk that does not give back what it was given is damage as well. */
    private DamagedFile unreadable(IOException problem) {
        return damaged("cannot be read (" + problem.getMessage() + ")");
    }

    private int readPart() throws IOException {
        byte kind = read(1).get();
        if (kind == ChunkFormat.END) {
            readEnd();
            return -1;
        } else if (kind != ChunkFormat.FRAME) {
            throw damaged("is damaged after frame " + frames);
        }
        frames++;
        ByteBuffer lengths = read(ChunkFormat.FRAME_HEAD_BYTES - 1);
        int rawLength = lengths.getInt();
        int length = lengths.getInt();
        int expected = lengths.getInt();
        boolean possible =
                rawLength > 0 && rawLength <= raw.length && length > 0 && length <= packed.length;
        if (!possible) {
            throw damagedFrame();
        }
        read(length).get(packed, 0, length);
        ByteBuffer head = ByteBuffer.allocate(ChunkFormat.FRAME_HEAD_BYTES - 4);
        head.put(kind).putInt(rawLength).putInt(length).flip();
        checksum = ChunkFormat.checksum(checksum, head, packed, length);
        if (checksum != expected || unpack(length) != rawLength) {
            throw damagedFrame();
        }
        rawBytes += rawLength;
        return rawLength;
    }

    private int unpack(int length) {
        try {
            return zstd.decompressByteArray(raw, 0, raw.length, packed, 0, length);
        } catch (ZstdException unreadable) {
            throw damagedFrame();
        }
    }

    private void readEnd() throws IOException {
        ByteBuffer end = read(ChunkFormat.END_BYTES - 1);
        long counted = end.getLong();
        long bytes = end.getLong();
        int expected = end.getInt();
        ByteBuffer part = ByteBuffer.allocate(ChunkFormat.END_BYTES - 4);
        part.put(ChunkFormat.END).putLong(counted).putLong(bytes).flip();
        checksum = ChunkFormat.checksum(checksum, part, new byte[0], 0);
        boolean last = channel.position() == channel.size();
        if (checksum != expected || bytes != rawBytes || counted < 0 || !last) {
            throw damaged("has a damaged end");
        }
        rows = counted;
    }

    private DamagedFile damagedFrame() {
        return damaged("is damaged: the checksum of frame %d is wrong".formatted(frames));
    }

    private DamagedFile damaged(String how) {
        return new DamagedFile(file, how);
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw damaged("is cut off after %d bytes".formatted(channel.position()));
            }
        }
        return bytes.flip();
    }

    public byte[] bytes() {
        return raw;
    }

    /** Rows that the source gave; known after the end was read. */
    public long rows() {
        if (rows < 0) {
            throw new IllegalStateException("not read to the end");
        }
        return rows;
    }

    @Override
    public void close() {
        zstd.close();
        try {
            channel.close();
        } catch (IOException ignored) {
            // It was only read.
        }
    }
}
