package warp.migration;

import java.time.Duration;
import java.util.Optional;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.SourceCatalog;
import warp.progress.StopSignal;

/**
 * Waits until nobody uses the slot. A Warp that was killed leaves a walsender behind until the
 * source notices: at once where its machine lives on, after {@code wal_sender_timeout} where that
 * is gone, and not at all where the walsender waits for other transactions to end. Such a leftover
 * carries this migration's name and is ended; a stranger is not, nor a Warp that moves the source
 * to another destination.
 */
final class SlotRelease {

    private static final Duration LEAVES_BY_ITSELF = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PATIENCE_WITH_STRANGERS = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private SlotRelease() {}

    /**
     * Returns when the slot is free, or is not there.
     *
     * @param ours whether the destination knows this migration and the caller holds its lock there:
     *     then a walsender of its name belongs to no living Warp
     * @throws WarpException STATE where somebody else uses it, naming that
     */
    static void await(SourceCatalog source, String slot, boolean ours, StopSignal stop)
            throws InterruptedException {
        Duration patience = ours ? PATIENCE : PATIENCE_WITH_STRANGERS;
        long start = System.nanoTime();
        Optional<String> user = source.slotUser(slot);
        while (user.isPresent()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (stop.requested()) {
                throw new WarpException(
                        ErrorCode.INTERRUPTED, "stopped while slot " + slot + " is in use");
            } else if (waited.compareTo(patience) > 0) {
                throw inUse(slot, user.get());
            } else if (ours && waited.compareTo(LEAVES_BY_ITSELF) > 0) {
                source.endSlotUser(slot, Ends.applicationName(slot));
            }
            Thread.sleep(PAUSE);
            user = source.slotUser(slot);
        }
    }

    private static WarpException inUse(String slot, String user) {
        return new WarpException(ErrorCode.STATE, "slot " + slot + " is in use by " + user)
                .at(Side.SOURCE)
                .hint("Stop it there first, then run the same command again.")
                .hint("Or give this migration a slot of its own: --slot=NAME.")
                .hint(
                        "If that is a leftover that nobody misses, end it at the source: SELECT"
                                + " pg_terminate_backend(active_pid) FROM"
                                + " pg_replication_slots WHERE slot_name = '"
                                + slot
                                + "';");
    }
}
