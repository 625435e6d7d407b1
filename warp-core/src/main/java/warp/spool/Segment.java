package warp.spool;

import java.nio.file.Path;
import java.util.Optional;
import warp.model.Lsn;

/**
 * A segment as far as it is whole.
 *
 * @param number counts the segments of a spool
 * @param start everything that ended at or before it is elsewhere
 * @param end everything that ended after {@code start} and at or before it is here
 * @param usable bytes of the file up to that end
 * @param torn whether something else follows in the file
 * @param bytes of the file
 */
record Segment(
        Path path,
        SpoolIdentity identity,
        int number,
        Lsn start,
        Lsn end,
        long usable,
        boolean torn,
        long bytes) {

    boolean isEmpty() {
        return end.equals(start);
    }

    /** The same without what follows the end. */
    Segment cut() {
        return new Segment(path, identity, number, start, end, usable, false, usable);
    }

    /** The same with so many bytes more, of which those up to {@code newUsable} are whole. */
    Segment grown(long more, Lsn newEnd, long newUsable) {
        return new Segment(path, identity, number, start, newEnd, newUsable, false, bytes + more);
    }

    /**
     * Looks a file through. The heads of all blocks are read; a torn tail can only be where a file
     * is the last one, as each is forced to the disk before the next is made, so only there the
     * blocks themselves are.
     *
     * @param last whether to read the blocks too
     * @return empty where the file has not even a head
     */
    static Optional<Segment> scan(Path path, boolean last) {
        Optional<SegmentReader> opened = SegmentReader.open(path);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (SegmentReader reader = opened.get()) {
            Lsn end = reader.head().start();
            long usable = reader.position();
            for (Optional<BlockHead> block = reader.peek();
                    block.isPresent() && (!last || reader.isSound(block.get()));
                    block = reader.peek()) {
                reader.skip(block.get());
                if (block.get().endsTransaction()) {
                    end = block.get().end();
                    usable = reader.position();
                }
            }
            long bytes = path.toFile().length();
            SegmentHead head = reader.head();
            return Optional.of(
                    new Segment(
                            path,
                            head.identity(),
                            head.number(),
                            head.start(),
                            end,
                            usable,
                            usable < bytes,
                            bytes));
        }
    }
}
