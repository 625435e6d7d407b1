package warp.spool;

/**
 * How large a spool and its parts get.
 *
 * @param bytesMax on disk, all files together; nothing is written beyond
 * @param segmentBytes a file ends at the first end of a transaction after so many bytes; files are
 *     what is removed when it has been applied
 * @param blockBytes of messages that are compressed and checked as one, roughly; a larger message
 *     is a block for itself
 */
public record SpoolLimits(long bytesMax, long segmentBytes, int blockBytes) {

    private static final long SEGMENT_BYTES_MAX = 64L * 1024 * 1024;
    private static final long SEGMENT_BYTES_MIN = 64L * 1024;
    private static final int BLOCK_BYTES = 256 * 1024;
    private static final int SEGMENTS = 16;

    public SpoolLimits {
        if (bytesMax < 1 || segmentBytes < 1 || blockBytes < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }

    /** The usual parts of a spool of that size: at least sixteen files when it is full. */
    public static SpoolLimits ofAtMost(long bytesMax) {
        long segment = Math.clamp(bytesMax / SEGMENTS, SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX);
        return new SpoolLimits(bytesMax, segment, (int) Math.min(BLOCK_BYTES, segment));
    }
}
