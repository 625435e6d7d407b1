package warp.migration;

import java.util.Optional;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.Connector;
import warp.postgres.wire.WireSession;
import warp.progress.EventLog;
import warp.state.MigrationStore;

/**
 * Whether the source is still the one that the destination has its rows from. A standby that is
 * promoted begins a timeline of its own ("Continuous Archiving", Timelines), and may not have
 * received the last transactions of the server it replaces. If the destination has them, both have
 * parted: a slot on the new primary would send its own changes as if nothing had been lost. So each
 * attempt asks which cluster and timeline it is, and where a new timeline begins before what the
 * destination has, Warp stops.
 */
final class SourceTimeline {

    private SourceTimeline() {}

    /**
     * Looks, and notes the timeline down.
     *
     * @param system the cluster's identifier when the migration began
     * @throws WarpException STATE where it is another cluster, or lacks what the destination has
     */
    static void verify(Connector source, MigrationStore store, String system, EventLog log) {
        try (WireSession session = source.openReplication()) {
            verify(session, store, system, log);
        }
    }

    /**
     * The same.
     *
     * @param session opened for replication
     */
    static void verify(WireSession session, MigrationStore store, String system, EventLog log) {
        Walsender.Cluster cluster = Walsender.Cluster.of(session);
        requireSame(cluster, system);
        int timeline = cluster.timeline();
        Optional<Integer> known = store.sourceTimeline();
        if (known.isPresent() && known.get() != timeline) {
            requireNothingLost(session, store.newest(), known.get(), timeline, log);
        }
        if (!known.equals(Optional.of(timeline))) {
            store.sourceTimeline(timeline);
        }
    }

    /**
     * That it is the cluster the migration began with.
     *
     * @throws WarpException STATE where it is another
     */
    static void requireSame(Walsender.Cluster cluster, String system) {
        if (!system.equals(cluster.system())) {
            throw new WarpException(
                            ErrorCode.STATE,
                            "this is another cluster than the one the migration began with"
                                    + " (system identifier %s, not %s)"
                                            .formatted(cluster.system(), system))
                    .at(Side.SOURCE)
                    .hint("Give the host of the old one, or of a standby made of it.");
        }
    }

    private static void requireNothingLost(
            WireSession session, Lsn newest, int before, int now, EventLog log) {
        String history = session.queryRow("TIMELINE_HISTORY " + now).get(1);
        Lsn left = leftAt(String.valueOf(history), before).orElse(Lsn.NONE);
        if (newest.isAfter(left)) {
            throw new WarpException(
                            ErrorCode.STATE,
                            "the source failed over to a server that lacks its last transactions:"
                                    + " the destination has all up to %s, but timeline %d left"
                                            .formatted(newest, now)
                                    + " timeline %d at %s".formatted(before, left))
                    .at(Side.SOURCE)
                    .hint(
                            "The old primary had committed what the new one does not know. Start"
                                    + " over: run the same command with --clean, then without.");
        }
        log.warn(
                "The source failed over: timeline %d left timeline %d at %s, after everything that the destination has (%s)"
                        .formatted(now, before, left, newest));
    }

    /**
     * Where a timeline was left.
     *
     * @param history lines of parent timeline, position where it was left, and why
     */
    static Optional<Lsn> leftAt(String history, int timeline) {
        return history.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length >= 2 && words[0].equals(String.valueOf(timeline)))
                .findFirst()
                .map(words -> Lsn.parse(words[1]));
    }
}
