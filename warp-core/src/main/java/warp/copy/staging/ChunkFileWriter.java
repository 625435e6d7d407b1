package warp.copy.staging;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Writes the file of one chunk under a name that says so; only a file that is whole and on disk
 * gets the name by which it is found. For one thread.
 */
public final class ChunkFileWriter implements AutoCloseable {

    /** Compression is to cost less than the network and the disk. */
    private static final int LEVEL = 1;

    private final StagedFiles files;
    private final StagingSpace.Share share;
    private final Path draft;
    private final Path file;
    private final FileChannel channel;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final byte[] raw = new byte[ChunkFormat.FRAME_RAW_MAX];
    private final byte[] packed = new byte[(int) Zstd.compressBound(ChunkFormat.FRAME_RAW_MAX)];
    private int used;
    private int checksum;
    private long rawBytes;
    private boolean finished;

    ChunkFileWriter(StagedFiles files, StagingSpace.Share share, Path file, ChunkHeader header) {
        this.files = files;
        this.share = share;
        this.file = file;
        this.draft = StagingDirectory.draftOf(file);
        zstd.setLevel(LEVEL);
        this.channel = HostFiles.create(draft);
        boolean begun = false;
        try {
            writeHead(header.encode());
            begun = true;
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    private void writeHead(byte[] header) {
        ByteBuffer head = ByteBuffer.allocate(ChunkFormat.HEAD_BYTES);
        head.put(ChunkFormat.MAGIC).putInt(ChunkFormat.VERSION).putInt(header.length).flip();
        checksum = ChunkFormat.checksum(0, head.duplicate(), header, header.length);
        ByteBuffer all = ByteBuffer.allocate(head.remaining() + header.length + 4);
        write(all.put(head).put(header).putInt(checksum).flip());
    }

    /**
     * Takes the next bytes. Waits where the directory may hold no more for now.
     *
     * @throws warp.error.WarpException OUT_OF_SPACE or FILE where they cannot be written
     */
    public void write(byte[] bytes, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            int part = Math.min(left, raw.length - used);
            System.arraycopy(bytes, from, raw, used, part);
            used += part;
            from += part;
            left -= part;
            if (used == raw.length) {
                writeFrame();
            }
        }
    }

    private void writeFrame() {
        int length = zstd.compressByteArray(packed, 0, packed.length, raw, 0, used);
        ByteBuffer head = ByteBuffer.allocate(ChunkFormat.FRAME_HEAD_BYTES);
        head.put(ChunkFormat.FRAME).putInt(used).putInt(length);
        checksum = ChunkFormat.checksum(checksum, head.duplicate().flip(), packed, length);
        write(head.putInt(checksum).flip(), ByteBuffer.wrap(packed, 0, length));
        rawBytes += used;
        used = 0;
    }

    /**
     * Ends the file, puts it on disk and under its name.
     *
     * @param rows that the source's COPY gave
     */
    public void finish(long rows) {
        if (used > 0) {
            writeFrame();
        }
        ByteBuffer end = ByteBuffer.allocate(ChunkFormat.END_BYTES);
        end.put(ChunkFormat.END).putLong(rows).putLong(rawBytes);
        checksum = ChunkFormat.checksum(checksum, end.duplicate().flip(), new byte[0], 0);
        write(end.putInt(checksum).flip());
        try {
            channel.force(false);
            channel.close();
        } catch (IOException problem) {
            throw HostFiles.failure(draft, "cannot be written", problem);
        }
        files.keep(draft, file, share);
        finished = true;
    }

    private void write(ByteBuffer... parts) {
        long length = 0;
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        share.take(length);
        try {
            for (ByteBuffer part : parts) {
                while (part.hasRemaining()) {
                    channel.write(part);
                }
            }
        } catch (IOException problem) {
            throw HostFiles.failure(draft, "cannot be written", problem);
        }
    }

    /** What was not finished is removed, and its room given back. */
    @Override
    public void close() {
        zstd.close();
        try {
            channel.close();
        } catch (IOException ignored) {
            // A file that is kept was closed before; another one is removed.
        }
        if (!finished) {
            HostFiles.removeIfThere(draft);
            share.giveUp();
        }
    }
}
