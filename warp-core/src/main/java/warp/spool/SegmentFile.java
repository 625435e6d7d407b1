package warp.spool;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32C;
import warp.model.Lsn;

/**
 * A segment that is being written. For one thread at a time, but for {@link #force}, which any may
 * call.
 */
final class SegmentFile implements AutoCloseable {

    /** The cheapest: the walsender, not the disk, is what limits a drain. */
    private static final int LEVEL = 1;

    private final Path path;
    private final SegmentHead head;
    private final FileChannel channel;
    private long size;

    private SegmentFile(Path path, SegmentHead head, FileChannel channel) {
        this.path = path;
        this.head = head;
        this.channel = channel;
    }

    /** {@code 00000001.spool}. */
    static String name(int number) {
        return String.format(Locale.ROOT, "%08d.spool", number);
    }

    /**
     * Makes the file, which must not be there; it is on the disk when this returns.
     *
     * @throws warp.error.WarpException OUT_OF_SPACE or FILE; nothing is left behind then, if
     *     possible
     */
    static SegmentFile create(Path folder, SegmentHead head) {
        Path path = folder.resolve(name(head.number()));
        try {
            FileChannel channel =
                    FileChannel.open(
                            path,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            SegmentFile file = new SegmentFile(path, head, channel);
            try {
                file.write(ByteBuffer.wrap(head.toBytes()));
                channel.force(true);
                forceFolder(folder);
                return file;
            } catch (IOException problem) {
                channel.close();
                Files.deleteIfExists(path);
                throw problem;
            }
        } catch (IOException problem) {
            throw SpoolErrors.cannotWrite(path, problem);
        }
    }

    /** When it returns, files made in the folder are there also after a power failure. */
    static void forceFolder(Path folder) throws IOException {
        try (FileChannel itself = FileChannel.open(folder, StandardOpenOption.READ)) {
            itself.force(true);
        }
    }

    SegmentHead head() {
        return head;
    }

    /** Bytes written. */
    long size() {
        return size;
    }

    /**
     * A compressed block.
     *
     * @param bytes room for the head, then what is stored; more may follow
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed from one method to the next, never compared.
    record Block(byte[] bytes, int stored, int raw) {

        static Block of(byte[] raw, int length) {
            long bound = Zstd.compressBound(length);
            byte[] bytes = new byte[Math.toIntExact(BlockHead.LENGTH + bound)];
            long stored =
                    Zstd.compressByteArray(
                            bytes, BlockHead.LENGTH, (int) bound, raw, 0, length, LEVEL);
            if (Zstd.isError(stored)) {
                throw new IllegalStateException("zstd: " + Zstd.getErrorName(stored));
            }
            return new Block(bytes, (int) stored, length);
        }

        /** In the file. */
        int length() {
            return BlockHead.LENGTH + stored;
        }
    }

    /**
     * Appends a block; it is on the disk after {@link #force}.
     *
     * @param end as in {@link BlockHead}
     * @throws warp.error.WarpException OUT_OF_SPACE or FILE; a part of it may be there
     */
    void append(Block block, Lsn end) {
        CRC32C crc = new CRC32C();
        crc.update(block.bytes(), BlockHead.LENGTH, block.stored());
        new BlockHead(block.stored(), block.raw(), (int) crc.getValue(), end)
                .put(block.bytes(), head, size);
        try {
            write(ByteBuffer.wrap(block.bytes(), 0, block.length()));
        } catch (IOException problem) {
            throw SpoolErrors.cannotWrite(path, problem);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        long position = size;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
        size += count;
    }

    /** Takes back everything behind a size. */
    void truncate(long to) {
        try {
            channel.truncate(to);
            size = to;
        } catch (IOException problem) {
            throw SpoolErrors.cannotWrite(path, problem);
        }
    }

    /** When it returns, what was appended before the call is on the disk. */
    void force() {
        try {
            channel.force(false);
        } catch (IOException problem) {
            throw SpoolErrors.cannotWrite(path, problem);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException unread) {
            // Everything that counts was forced before.
        }
    }
}
