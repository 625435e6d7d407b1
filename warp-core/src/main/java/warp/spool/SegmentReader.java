package warp.spool;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a segment block by block; believes nothing without its checksum. For one thread. */
final class SegmentReader implements AutoCloseable {

    private final Path path;
    private final SegmentHead head;
    private final FileChannel channel;
    private final long size;
    private long position;

    private SegmentReader(Path path, SegmentHead head, FileChannel channel, long size) {
        this.path = path;
        this.head = head;
        this.channel = channel;
        this.size = size;
        this.position = head.length();
    }

    /**
     * Opens a file; empty where its head is not whole.
     *
     * @throws warp.error.WarpException FILE where it cannot be read
     */
    static Optional<SegmentReader> open(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                Optional<SegmentHead> head = SegmentHead.read(channel);
                if (head.isPresent()) {
                    return Optional.of(
                            new SegmentReader(path, head.get(), channel, channel.size()));
                }
                channel.close();
                return Optional.empty();
            } catch (IOException problem) {
                channel.close();
                throw problem;
            }
        } catch (IOException problem) {
            throw SpoolErrors.cannotRead(path, problem);
        }
    }

    SegmentHead head() {
        return head;
    }

    /** Where the next block begins. */
    long position() {
        return position;
    }

    void position(long to) {
        position = to;
    }

    /**
     * The head of the next block, without moving; empty at the end, and where no whole block
     * follows.
     */
    Optional<BlockHead> peek() {
        if (size - position < BlockHead.LENGTH) {
            return Optional.empty();
        }
        return BlockHead.read(read(position, BlockHead.LENGTH), head, position)
                .filter(block -> block.stored() <= size - position - BlockHead.LENGTH);
    }

    /** Moves behind that block, unread. */
    void skip(BlockHead block) {
        position += BlockHead.LENGTH + block.stored();
    }

    /** Whether the stored bytes of the next block are what was written; does not move. */
    boolean isSound(BlockHead block) {
        return stored(block) != null;
    }

    /**
     * Reads that block, and moves behind it.
     *
     * @throws warp.error.WarpException STATE where it is damaged
     */
    ByteBuffer next(BlockHead block) {
        byte[] stored = stored(block);
        if (stored == null) {
            throw damaged();
        }
        byte[] raw = new byte[block.raw()];
        long length = Zstd.decompressByteArray(raw, 0, raw.length, stored, 0, stored.length);
        if (Zstd.isError(length) || length != raw.length) {
            throw damaged();
        }
        skip(block);
        return ByteBuffer.wrap(raw);
    }

    /** The error for what stands at the next block's place. */
    RuntimeException damaged() {
        return SpoolErrors.damaged(path, position);
    }

    private byte @Nullable [] stored(BlockHead block) {
        byte[] bytes = read(position + BlockHead.LENGTH, block.stored());
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue() == block.checksum() ? bytes : null;
    }

    /** What the file has no bytes for is zero: no checksum fits. */
    private byte[] read(long from, int length) {
        byte[] bytes = new byte[length];
        try {
            SegmentHead.readFully(channel, ByteBuffer.wrap(bytes), from);
            return bytes;
        } catch (IOException problem) {
            throw SpoolErrors.cannotRead(path, problem);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException unread) {
            // Only read from.
        }
    }
}
