package warp.model.status;

import java.util.Optional;
import warp.model.Lsn;

/**
 * What the source tells of a migration's slot.
 *
 * @param position where the source's log is written now
 * @param confirmed what the slot's reader has said is safe; NONE where it does not tell, or there
 *     is no slot
 * @param restart the oldest log that is kept for it; NONE where none is
 * @param safeBytes what may still be written before it is lost; empty where nothing limits it
 * @param reason why the server has given it up, in the server's word
 */
public record SlotStatus(
        Lsn position,
        Kind kind,
        Lsn confirmed,
        Lsn restart,
        Optional<Long> safeBytes,
        Optional<String> reason) {

    /** How it is. */
    public enum Kind {
        /** There is none of that name. */
        MISSING,
        /** Somebody reads it. */
        ACTIVE,
        /** Nobody reads it; it keeps the log. */
        IDLE,
        /** The server has removed what it needs. */
        LOST
    }

    /** Bytes of log that the source keeps for it. */
    public long retainedBytes() {
        return restart.isNone() ? 0 : position.bytesSince(restart);
    }
}
