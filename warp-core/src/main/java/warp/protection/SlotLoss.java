package warp.protection;

import java.util.List;
import java.util.Optional;
import warp.config.ByteSize;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.sql.Remedies;

/**
 * A slot that cannot be had back: what the source wrote since is not all there any more.
 *
 * @param message for people, naming the slot and the cause
 * @param hints what keeps it from happening again
 */
public record SlotLoss(String message, List<String> hints) {

    /** What to do. */
    public static final String REPAIR =
            "Run the same command again: it makes a new slot, compares every table with the source"
                    + " and copies those that differ.";

    public SlotLoss {
        hints = List.copyOf(hints);
    }

    /** Somebody dropped it. */
    public static SlotLoss dropped(String slot) {
        return new SlotLoss(
                "slot %s is gone: somebody dropped it, and the changes since are lost"
                        .formatted(slot),
                List.of());
    }

    /**
     * The server gave it up.
     *
     * @param reason {@code invalidation_reason}, where the server tells
     * @param keep {@code max_slot_wal_keep_size}, where it is set and known
     * @param remedies of the server's own kind
     */
    public static SlotLoss invalidated(
            String slot, Optional<String> reason, Optional<ByteSize> keep, Remedies remedies) {
        return switch (reason.orElse("wal_removed")) {
            case "idle_timeout" ->
                    new SlotLoss(
                            "slot %s is lost: nobody read it for longer than idle_replication_slot_timeout"
                                    .formatted(slot),
                            List.of(
                                    "Before the next copy: "
                                            + remedies.reloadedSetting(
                                                    "idle_replication_slot_timeout", 0)));
            case "wal_level_insufficient" ->
                    new SlotLoss(
                            "slot %s is lost: wal_level was set below logical".formatted(slot),
                            List.of());
            case "rows_removed", "conflict" ->
                    new SlotLoss(
                            "slot %s is lost: the source removed rows of its catalogs that it needed"
                                    .formatted(slot),
                            List.of());
            default ->
                    new SlotLoss(
                            "slot %s is lost: the source removed log that was not yet applied (max_slot_wal_keep_size%s)"
                                    .formatted(slot, keep.map(size -> " = " + size).orElse("")),
                            keep.map(size -> larger(size, remedies)).stream().toList());
        };
    }

    private static String larger(ByteSize keep, Remedies remedies) {
        return "Before the next copy, where the disk has room: "
                + remedies.reloadedSetting(
                        "max_slot_wal_keep_size", new ByteSize(keep.bytes() * 4));
    }

    /** The error that ends a run because of it. */
    public WarpException error() {
        WarpException error = new WarpException(ErrorCode.STATE, message).at(Side.SOURCE);
        error.hint(REPAIR);
        hints.forEach(error::hint);
        return error;
    }
}
