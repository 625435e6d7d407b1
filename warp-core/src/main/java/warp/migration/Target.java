package warp.migration;

import warp.config.MigrationSettings.Until;
import warp.model.ChangeEvent;
import warp.model.Lsn;

/**
 * Tells when replication may end by itself. Fed with every event before it is applied. For the
 * replicating thread.
 *
 * <p>{@code --until LSN} ends before the first transaction that commits at or after the position,
 * where the plugin tells that at its beginning (pgoutput); with test_decoding it ends after the
 * first one that reaches it.
 */
final class Target {

    private final Lsn position;
    private boolean exact;

    private Target(Lsn position, boolean exact) {
        this.position = position;
        this.exact = exact;
    }

    /**
     * @param sourceNow where the source is when replication starts: the aim of caught-up
     */
    static Target of(Until until, Lsn sourceNow) {
        return switch (until) {
            case Until.Stopped _ -> new Target(Lsn.NONE, false);
            case Until.Copied _ -> new Target(Lsn.NONE, false);
            case Until.CaughtUp ignored -> new Target(sourceNow, false);
            case Until.AtLsn at -> new Target(at.lsn(), true);
        };
    }

    /** Whether exactly a position was asked for: nothing after it is to be applied. */
    boolean isExact() {
        return exact;
    }

    /** Whether everything asked for is applied. */
    boolean isReached(Lsn applied) {
        return !position.isNone() && !applied.isBefore(position);
    }

    /** Whether to end before this event is applied. */
    boolean endsBefore(ChangeEvent event) {
        return exact
                && event instanceof ChangeEvent.Begin begin
                && !begin.finalLsn().isNone()
                && !begin.finalLsn().isBefore(position);
    }

    /** Whether everything asked for is applied once this event is. */
    boolean endsAfter(ChangeEvent event) {
        if (position.isNone()) {
            return false;
        }
        return switch (event) {
            case ChangeEvent.Commit commit -> !commit.endLsn().isBefore(position);
            case ChangeEvent.KeepAlive alive -> !alive.walEnd().isBefore(position);
            case ChangeEvent.Begin _ -> false;
            case ChangeEvent.Insert _ -> false;
            case ChangeEvent.Update _ -> false;
            case ChangeEvent.Delete _ -> false;
            case ChangeEvent.Truncate _ -> false;
            case ChangeEvent.Message _ -> false;
        };
    }
}
