package warp.protection;

import java.util.Optional;
import warp.model.Lsn;

/**
 * What a look at the source showed.
 *
 * @param position where its log is written now
 * @param slot empty where it is not there
 * @param keepBytes {@code max_slot_wal_keep_size}; empty where nothing is set, and before 13
 * @param snapshotAge transactions since the oldest snapshot that a session of Warp holds; 0 where
 *     none does
 * @param freezeMaxAge {@code autovacuum_freeze_max_age}
 * @param connections those of ordinary roles
 * @param senders walsenders
 */
public record SourceState(
        Lsn position,
        Optional<SlotState> slot,
        Optional<Long> keepBytes,
        long snapshotAge,
        long freezeMaxAge,
        Room connections,
        Room senders) {

    /** Something that a server has a number of. */
    public record Room(int most, int used) {
        int free() {
            return Math.max(most - used, 0);
        }
    }

    long heldBytes() {
        return slot.map(it -> it.heldBytes(position)).orElse(0L);
    }
}
