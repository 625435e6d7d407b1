package warp.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of the change stream. Transactions arrive whole, one after the other, in the order of
 * their commits: {@code Begin (Insert | Update | Delete | Truncate | Message)* Commit}; a {@code
 * KeepAlive} and a non-transactional {@code Message} stand between transactions.
 *
 * <p>All are immutable and may pass between threads.
 */
public sealed interface ChangeEvent {

    /** Bytes of heap it holds on to, roughly; for bounding queues. */
    default int heapBytes() {
        return 64;
    }

    /**
     * A transaction of the source begins.
     *
     * @param transactionId its xid
     * @param finalLsn where its commit record starts: at or after the end of every transaction that
     *     committed before it; NONE where the plugin does not tell (test_decoding)
     */
    record Begin(int transactionId, Lsn finalLsn) implements ChangeEvent {
        /** A transaction of which the plugin does not tell where it commits. */
        public Begin(int transactionId) {
            this(transactionId, Lsn.NONE);
        }
    }

    /**
     * It ends.
     *
     * @param endLsn the position after the commit record: what is recorded as progress and
     *     acknowledged
     * @param commitMicros commit time in microseconds since 1970-01-01 UTC
     */
    record Commit(Lsn endLsn, long commitMicros) implements ChangeEvent {}

    /** A row inserted. */
    record Insert(Relation relation, Tuple row) implements ChangeEvent {
        @Override
        public int heapBytes() {
            return 64 + row.heapBytes();
        }
    }

    /**
     * A row updated.
     *
     * @param old the old row: only its key columns hold values where {@code oldIsKey}, else every
     *     column (REPLICA IDENTITY FULL); null where the key did not change, then the new row's key
     *     identifies it
     */
    record Update(Relation relation, @Nullable Tuple old, boolean oldIsKey, Tuple row)
            implements ChangeEvent {
        @Override
        public int heapBytes() {
            return 64 + row.heapBytes() + (old == null ? 0 : old.heapBytes());
        }
    }

    /** A row deleted; {@code old} as in {@link Update}, never null. */
    record Delete(Relation relation, Tuple old, boolean oldIsKey) implements ChangeEvent {
        @Override
        public int heapBytes() {
            return 64 + old.heapBytes();
        }
    }

    /** Tables truncated by one statement. */
    record Truncate(List<Relation> relations, boolean cascade, boolean restartIdentity)
            implements ChangeEvent {
        public Truncate {
            relations = List.copyOf(relations);
        }
    }

    /**
     * A message of {@code pg_logical_emit_message}, Warp's own heartbeat among them.
     *
     * @param content as UTF-8, for showing; another tool's binary content is not preserved
     */
    record Message(Lsn lsn, boolean transactional, String prefix, String content)
            implements ChangeEvent {
        @Override
        public int heapBytes() {
            return 64 + content.length();
        }
    }

    /**
     * Everything that committed before {@code walEnd} has been sent; from the walsender, not from a
     * plugin.
     */
    record KeepAlive(Lsn walEnd) implements ChangeEvent {}
}
