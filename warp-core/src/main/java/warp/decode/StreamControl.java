package warp.decode;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;

/**
 * What frames the pieces of a transaction that the source sends before it commits ({@code
 * pgoutput}, protocol 2 with {@code streaming}; "Logical Replication Message Formats" in the
 * manual). Within a piece each message has the number of its subtransaction behind its first byte.
 */
public sealed interface StreamControl {

    /** How many bytes the number of the subtransaction takes. */
    int NUMBER_BYTES = Integer.BYTES;

    /** A piece of a transaction begins. */
    record Start(int xid) implements StreamControl {}

    /** The piece ends. */
    record Stop() implements StreamControl {}

    /**
     * A transaction has committed, whose pieces have been sent.
     *
     * @param commit where its commit record begins, {@code end} where it ends
     * @param time as the source sends it: microseconds since 2000
     */
    record Commit(int xid, Lsn commit, Lsn end, long time) implements StreamControl {

        private static final int BEGIN_BYTES = 1 + 8 + 8 + 4;
        private static final int COMMIT_BYTES = 1 + 1 + 8 + 8 + 8;

        /** The message that begins a transaction sent whole. */
        public byte[] asBegin() {
            return ByteBuffer.allocate(BEGIN_BYTES)
                    .put((byte) 'B')
                    .putLong(commit.value())
                    .putLong(time)
                    .putInt(xid)
                    .array();
        }

        /** The message that ends one. */
        public byte[] asCommit() {
            return ByteBuffer.allocate(COMMIT_BYTES)
                    .put((byte) 'C')
                    .put((byte) 0)
                    .putLong(commit.value())
                    .putLong(end.value())
                    .putLong(time)
                    .array();
        }
    }

    /**
     * A subtransaction is undone, or all of the transaction.
     *
     * @param subxid {@code xid} where it is all
     */
    record Abort(int xid, int subxid) implements StreamControl {}

    /**
     * What a message is of these; null where it is none.
     *
     * @param position the one that came with it
     * @throws warp.error.WarpException MALFORMED
     */
    static @Nullable StreamControl of(Lsn position, byte[] data, int from, int length) {
        MessageReader in = new MessageReader("pgoutput", position, data, from, length);
        return switch (in.uint8()) {
            case 'S' -> {
                in.kind("Stream Start");
                int xid = in.int32();
                in.uint8(); // whether it is the first piece
                yield ended(in, new Start(xid));
            }
            case 'E' -> {
                in.kind("Stream Stop");
                yield ended(in, new Stop());
            }
            case 'c' -> {
                in.kind("Stream Commit");
                int xid = in.int32();
                if (in.uint8() != 0) {
                    throw in.malformed("unknown flags");
                }
                Lsn commit = new Lsn(in.int64());
                yield ended(in, new Commit(xid, commit, new Lsn(in.int64()), in.int64()));
            }
            case 'A' -> {
                in.kind("Stream Abort");
                yield ended(in, new Abort(in.int32(), in.int32()));
            }
            default -> null;
        };
    }

    private static StreamControl ended(MessageReader in, StreamControl control) {
        in.expectEnd();
        return control;
    }

    /**
     * The subtransaction that a message within a piece belongs to.
     *
     * @throws warp.error.WarpException MALFORMED
     */
    static int subtransaction(Lsn position, byte[] data, int from, int length) {
        MessageReader in = new MessageReader("pgoutput", position, data, from, length);
        in.kind("within a stream");
        in.uint8();
        return in.int32();
    }
}
