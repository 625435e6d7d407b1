package warp.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;
import warp.model.Lsn;

/**
 * What stands before each block. Its own checksum takes in which spool, which segment and which
 * place in it the block was written to, so that a block is never believed elsewhere.
 *
 * @param stored bytes of the compressed block that follow
 * @param raw bytes they come to
 * @param checksum CRC32C of the stored bytes
 * @param end everything that ended at or before it stands before the end of this block; NONE where
 *     the block ends within a transaction
 */
record BlockHead(int stored, int raw, int checksum, Lsn end) {

    /** Bytes in the file. */
    static final int LENGTH = 4 + 4 + 4 + 8 + 4;

    boolean endsTransaction() {
        return !end.isNone();
    }

    /** Writes it to the beginning of an array, as it stands in the file. */
    void put(byte[] into, SegmentHead segment, long offset) {
        ByteBuffer out = ByteBuffer.wrap(into);
        out.putInt(stored).putInt(raw).putInt(checksum).putLong(end.value());
        out.putInt(headChecksum(into, segment, offset));
    }

    /** Reads it from {@code LENGTH} bytes; empty where they are not what was written there. */
    static Optional<BlockHead> read(byte[] bytes, SegmentHead segment, long offset) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        BlockHead head =
                new BlockHead(in.getInt(), in.getInt(), in.getInt(), new Lsn(in.getLong()));
        boolean sound =
                in.getInt() == headChecksum(bytes, segment, offset)
                        && head.stored > 0
                        && head.raw > 0;
        return sound ? Optional.of(head) : Optional.empty();
    }

    private static int headChecksum(byte[] bytes, SegmentHead segment, long offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, LENGTH - Integer.BYTES);
        crc.update(segment.identity().id().getBytes(StandardCharsets.UTF_8));
        crc.update(
                ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                        .putInt(segment.number())
                        .putLong(offset)
                        .flip());
        return (int) crc.getValue();
    }
}
