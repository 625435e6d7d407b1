package warp.migration;

import java.util.Optional;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.ReplicationSlot;
import warp.postgres.SourceCatalog;
import warp.progress.StopSignal;
import warp.protection.SlotLoss;
import warp.sql.Remedies;

/**
 * Makes sure that replication can go on exactly where the destination is: the slot is there, is
 * ours to use, and still holds every change after the progress row.
 *
 * <p>Warp acknowledges only what is durable at the destination, progress row included, or in a
 * spool that is noted down there. A slot that was told more than the row says and the spool holds
 * proves that the destination has gone back in time, or that the spool is lost; going on would
 * leave a gap, so it is refused, and repaired ({@link Repair}).
 */
final class ResumePoint {

    private ResumePoint() {}

    /**
     * Checks the slot against the progress row; waits for a predecessor's session to end.
     *
     * @throws WarpException STATE where going on would lose changes, or somebody else uses the slot
     */
    static void verify(
            SourceCatalog source,
            String slot,
            String database,
            Lsn progress,
            SpoolBacklog spooled,
            StopSignal stop)
            throws InterruptedException {
        Optional<WarpException> loss = loss(source, slot, database, progress, spooled, stop);
        if (loss.isPresent()) {
            throw loss.get();
        }
    }

    /**
     * Why the slot cannot give every change since the progress row; empty where it can. The same
     * command repairs that.
     *
     * @throws WarpException STATE where somebody else uses the slot, or what it was told of waits
     *     in a spool on another machine
     */
    static Optional<WarpException> loss(
            SourceCatalog source,
            String slot,
            String database,
            Lsn progress,
            SpoolBacklog spooled,
            StopSignal stop)
            throws InterruptedException {
        SlotRelease.await(source, slot, true, stop);
        Optional<ReplicationSlot> found = source.slot(slot);
        if (found.isEmpty()) {
            return Optional.of(
                    refusal("slot " + slot + " is gone: changes since the last run are lost")
                            .hint(
                                    "Somebody dropped it, or the source failed over to a standby:"
                                        + " slots are only there where it keeps them in step (17"
                                        + " and newer: sync_replication_slots).")
                            .hint(SlotLoss.REPAIR));
        }
        ReplicationSlot there = found.get();
        if (!there.database().equals(database)) {
            throw refusal(
                    "slot "
                            + slot
                            + " belongs to database "
                            + there.database()
                            + ", not "
                            + database);
        }
        if (there.loss().isPresent()) {
            return Optional.of(
                    SlotLoss.invalidated(
                                    slot,
                                    there.loss(),
                                    Optional.empty(),
                                    Remedies.of(Optional.empty()))
                            .error());
        }
        if (there.confirmed().isAfter(progress) && !spooled.covers(progress, there.confirmed())) {
            WarpException problem =
                    spooled.isNoted()
                            ? spooled.lost(progress, there.confirmed())
                            : wentBack(there, progress);
            if (spooled.isElsewhere()) {
                throw problem;
            }
            return Optional.of(problem);
        }
        return Optional.empty();
    }

    private static WarpException wentBack(ReplicationSlot found, Lsn progress) {
        return refusal(
                        "the destination stands at "
                                + progress
                                + ", but slot "
                                + found.name()
                                + " was told that everything up to "
                                + found.confirmed()
                                + " is safe there: the destination has lost changes"
                                + " (restored from a backup, or failed over to an older copy)")
                .hint(SlotLoss.REPAIR);
    }

    private static WarpException refusal(String message) {
        return new WarpException(ErrorCode.STATE, message).at(Side.SOURCE);
    }
}
