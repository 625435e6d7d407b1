package warp.copy.staging;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The file of one chunk.
 *
 * <pre>
 * head    "WARPROWS", int version, int length, {@link ChunkHeader}, int checksum
 * frame   byte 1, int raw length, int packed length, int checksum, packed bytes    (any number)
 * end     byte 2, long rows, long raw bytes, int checksum, and nothing after it
 * </pre>
 *
 * <p>Numbers are big-endian. The raw bytes of all frames are the CopyData messages of the source's
 * COPY, several rows to one, cut anywhere; packed is zstd. Each checksum (CRC-32C) is that of the
 * one before it and of all bytes of its part but itself, so a part that is changed, left out,
 * repeated, or taken from another place or file does not fit.
 */
final class ChunkFormat {

    static final byte[] MAGIC = {'W', 'A', 'R', 'P', 'R', 'O', 'W', 'S'};
    static final int VERSION = 1;
    static final byte FRAME = 1;
    static final byte END = 2;

    static final int HEAD_BYTES = MAGIC.length + 8;
    static final int FRAME_HEAD_BYTES = 13;
    static final int END_BYTES = 21;

    /** Raw bytes of a frame: enough to compress well, few enough to have many in memory. */
    static final int FRAME_RAW_MAX = 256 << 10;

    private ChunkFormat() {}

    /** The checksum of a part that follows the one with checksum {@code before}. */
    static int checksum(int before, ByteBuffer first, byte[] then, int length) {
        CRC32C sum = new CRC32C();
        sum.update(ByteBuffer.allocate(4).putInt(0, before));
        sum.update(first);
        sum.update(then, 0, length);
        return (int) sum.getValue();
    }
}
