package warp.migration;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
        List<@Nullable String> row = session.queryRow("IDENTIFY_SYSTEM");
        if (!system.equals(row.get(0))) {
            throw new WarpException(
                            ErrorCode.STATE,
                            "this is another cluster than the one the migration began with"
                                    + " (system identifier %s, not %s)"
                                            .formatted(row.get(0), system))
                    .at(Side.SOURCE)
                    .hint("Give the host of the old one, or of a standby made of it.");
        }
        int timeline = Integer.parseInt(String.valueOf(row.get(1)));
        Optional<Integer> known = store.sourceTimeline();
        if (known.isPresent() && known.get() != timeline) {
            requireNothingLost(session, store.newest(), known.get(), timeline, log);
        }
        if (!known.equals(Optional.of(timeline))) {
            store.sourceTimeline(timeline);
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
