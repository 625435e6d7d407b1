package warp.spool;

import warp.model.OutputPlugin;

/**
 * Which spool this is, and whose. Stands at the head of each of its files and in {@code
 * warp.spool}; files of another spool are never read.
 *
 * @param id random; in the folder's name too
 * @param sourceSystem the source cluster's system identifier
 * @param database the source database
 * @param slot the migration's slot
 * @param plugin what wrote the messages
 */
public record SpoolIdentity(
        String id, String sourceSystem, String database, String slot, OutputPlugin plugin) {

    /** The name of its folder: {@code shop.3f09c2d1a77e4b60}. */
    String folder() {
        return slot + "." + id;
    }

    /** Whether the other is, or was, a spool of the same slot. */
    boolean sameSlot(SpoolIdentity other) {
        return sourceSystem.equals(other.sourceSystem)
                && database.equals(other.database)
                && slot.equals(other.slot);
    }
}
