package warp.spool;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import warp.decode.MessageOutline;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.postgres.wire.ChangeStream.Frame;

/**
 * Reads the frames of segments in order. Transactions that ended at or before the position asked
 * for are left out, as the source leaves them out, but for the descriptions of relations in them.
 * For one thread; any may close it.
 */
final class SpoolReader implements AutoCloseable {

    private final Queue<Segment> segments;
    private final OutputPlugin plugin;
    private final Lsn from;
    private volatile @Nullable SegmentReader reader;
    private long readTo;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private @Nullable Frame ahead;

    /** Before this place of the first segment everything is left out. */
    private long leftOutTo;

    /** How many transactions behind it are left out. */
    private int leftOut;

    SpoolReader(List<Segment> segments, OutputPlugin plugin, Lsn from) {
        this.segments = new ArrayDeque<>(segments);
        this.plugin = plugin;
        this.from = from;
    }

    /**
     * The next frame; null at the end.
     *
     * @throws WarpException STATE where a segment is damaged or gone; FILE
     */
    @Nullable Frame next() {
        Frame frame = ahead;
        ahead = null;
        return frame != null ? frame : read();
    }

    /** Whether there is another one. */
    boolean hasNext() {
        if (ahead == null) {
            ahead = read();
        }
        return ahead != null;
    }

    private @Nullable Frame read() {
        while (true) {
            Frame frame = FrameBuffer.read(block);
            if (frame != null && isWanted(frame)) {
                return frame;
            } else if (frame == null && !nextBlock()) {
                return null;
            }
        }
    }

    private boolean isWanted(Frame frame) {
        SegmentReader now = reader;
        boolean before = now != null && now.position() <= leftOutTo;
        if (!before && leftOut == 0) {
            return true;
        }
        if (!(frame instanceof Frame.Data data)) {
            return false;
        }
        return switch (MessageOutline.of(plugin, data.walStart(), data.bytes())) {
            case MessageOutline.Shape _ -> true;
            case MessageOutline.Commit _ -> {
                leftOut -= before ? 0 : 1;
                yield false;
            }
            case MessageOutline.Begin _,
                    MessageOutline.Change _,
                    MessageOutline.Truncate _,
                    MessageOutline.Other _ ->
                    false;
        };
    }

    /** Whether there is another block. */
    private boolean nextBlock() {
        while (true) {
            SegmentReader now = reader;
            if (now != null && now.position() < readTo) {
                Optional<BlockHead> head = now.peek();
                if (head.isEmpty()) {
                    throw now.damaged();
                }
                block = now.next(head.get());
                return true;
            }
            if (now != null) {
                now.close();
                reader = null;
            }
            Segment segment = segments.poll();
            if (segment == null) {
                return false;
            }
            open(segment);
        }
    }

    private void open(Segment segment) {
        SegmentReader opened =
                SegmentReader.open(segment.path())
                        .orElseThrow(() -> SpoolErrors.damaged(segment.path(), 0));
        reader = opened;
        readTo = segment.usable();
        leftOutTo = 0;
        if (from.isAfter(segment.start())) {
            findStart(opened);
        }
    }

    /**
     * Finds what is to be left out. Blocks that end at or before the position are left out whole;
     * behind them, transactions are counted, as test_decoding tells of a position only at their
     * ends.
     */
    private void findStart(SegmentReader opened) {
        long first = opened.position();
        long whole = first;
        while (opened.position() < readTo) {
            BlockHead head = opened.peek().orElseThrow(opened::damaged);
            if (head.end().isAfter(from)) {
                break;
            }
            opened.skip(head);
            if (head.endsTransaction()) {
                whole = opened.position();
            }
        }
        leftOutTo = whole == first ? 0 : whole;
        opened.position(whole);
        leftOut = countLeftOut(opened);
        opened.position(first);
    }

    private int countLeftOut(SegmentReader opened) {
        int count = 0;
        while (opened.position() < readTo) {
            ByteBuffer frames = opened.next(opened.peek().orElseThrow(opened::damaged));
            Frame frame = FrameBuffer.read(frames);
            while (frame != null) {
                if (frame instanceof Frame.Data data
                        && MessageOutline.of(plugin, data.walStart(), data.bytes())
                                instanceof MessageOutline.Commit commit) {
                    if (commit.end().isAfter(from)) {
                        return count;
                    }
                    count++;
                }
                frame = FrameBuffer.read(frames);
            }
        }
        return count;
    }

    @Override
    public void close() {
        SegmentReader open = reader;
        if (open != null) {
            open.close();
        }
    }
}
