package warp.migration;

import java.time.Duration;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.ReplicationSlot;
import warp.postgres.SourceCatalog;
import warp.progress.StopSignal;

/**
 * Makes sure that replication can go on exactly where the destination is: the slot is there, is
 * ours to use, and still holds every change after the progress row.
 *
 * <p>Warp acknowledges only what is durable at the destination, progress row included. A slot that
 * was told more than the row says proves that the destination has gone back in time; going on would
 * leave a gap, so it is refused.
 */
final class ResumePoint {

    /**
     * A predecessor that was killed keeps its slot until the source notices, at most {@code
     * wal_sender_timeout}.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    private static final Duration PAUSE = Duration.ofMillis(250);

    private ResumePoint() {}

    /**
     * Checks the slot against the progress row; waits for a predecessor's session to end.
     *
     * @throws WarpException STATE where going on would lose changes, or somebody else uses the slot
     */
    static void verify(
            SourceCatalog source, String slot, String database, Lsn progress, StopSignal stop)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        ReplicationSlot found = find(source, slot);
        while (found.activePid().isPresent()) {
            if (System.nanoTime() > deadline || stop.requested()) {
                throw inUse(source, found);
            }
            Thread.sleep(PAUSE);
            found = find(source, slot);
        }
        if (!found.database().equals(database)) {
            throw refusal(
                    "slot "
                            + slot
                            + " belongs to database "
                            + found.database()
                            + ", not "
                            + database);
        }
        if (found.lost()) {
            throw refusal(
                            "slot "
                                    + slot
                                    + " has lost log that was not yet applied"
                                    + " (max_slot_wal_keep_size)")
                    .hint("Start over: run the same command with --clean, then without.");
        }
        if (found.confirmed().isAfter(progress)) {
            throw refusal(
                            "the destination stands at "
                                    + progress
                                    + ", but slot "
                                    + slot
                                    + " was told that everything up to "
                                    + found.confirmed()
                                    + " is safe there: the destination has lost changes"
                                    + " (restored from a backup, or failed over to an older copy)")
                    .hint("Start over: run the same command with --clean, then without.");
        }
    }

    private static ReplicationSlot find(SourceCatalog source, String slot) {
        return source.slot(slot)
                .orElseThrow(() ->
                        refusal("slot " + slot + " is gone: changes since the last run are lost")
                                .hint(
                                        "Start over: run the same command with --clean, then"
                                                + " without."));
    }

    private static WarpException inUse(SourceCatalog source, ReplicationSlot slot) {
        return refusal(
                        "slot "
                                + slot.name()
                                + " is in use by "
                                + source.slotUser(slot.name()).orElse("another process"))
                .hint(
                        "If that is nobody you know, run at the source: SELECT"
                                + " pg_terminate_backend("
                                + slot.activePid().orElseThrow()
                                + ");");
    }

    private static WarpException refusal(String message) {
        return new WarpException(ErrorCode.STATE, message).at(Side.SOURCE);
    }
}
