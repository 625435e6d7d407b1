package warp.protection;

import java.util.Optional;
import warp.model.Lsn;

/**
 * What a look at the slot showed.
 *
 * @param restart the oldest log that is kept for it; {@link Lsn#NONE} where none is any more
 * @param confirmed what the consumer has said is safe; NONE before 9.6, which does not tell
 * @param active whether somebody reads it
 * @param safeBytes what may still be written before it is lost; empty where nothing limits it
 * @param catalogAge transactions since the oldest row of a catalog that is kept for it
 * @param invalidation why the server has given it up, in the server's word
 */
public record SlotState(
        Lsn restart,
        Lsn confirmed,
        boolean active,
        WalStatus status,
        Optional<Long> safeBytes,
        long catalogAge,
        Optional<String> invalidation) {

    /** Whether the server has given it up. */
    public boolean lost() {
        return status == WalStatus.LOST || invalidation.isPresent();
    }

    /** Bytes of log that the source keeps for it. */
    long heldBytes(Lsn position) {
        return restart.isNone() ? 0 : position.bytesSince(restart);
    }

    /** Bytes of log that its consumer has not confirmed. */
    long behindBytes(Lsn position) {
        return confirmed.isNone() ? heldBytes(position) : position.bytesSince(confirmed);
    }
}
