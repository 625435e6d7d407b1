package warp.protection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import warp.config.ByteSize;
import warp.config.SourceOptions;
import warp.config.TimeSpan;
import warp.protection.Concern.Kind;
import warp.sql.Remedies;

/**
 * What there is to worry about at the source, by the last look and those before it. Pure: time and
 * looks come from outside. For one thread.
 *
 * <p>How much room the source's disk has cannot be seen through SQL. So what is said is how much
 * the slot holds back, how fast that grows, and when a limit that somebody gave will be reached.
 */
final class Concerns {

    /** Of a limit: where the first and the second warning come. */
    private static final double HALF = 0.5;

    private static final double MOST = 0.8;

    /** Without a limit: the first warning; the next come each time it has doubled. */
    private static final long GROWTH_BYTES = 1L << 30;

    private static final int CONNECTIONS_FEW = 5;

    private final String slot;
    private final Optional<ByteSize> limit;
    private final String atLimit;
    private Remedies remedies = Remedies.of(Optional.empty());
    private final Trend held = new Trend();
    private final Trend snapshotAge = new Trend();
    private final Trend catalogAge = new Trend();

    Concerns(String slot, SourceOptions options) {
        this.slot = slot;
        this.limit = options.walMax();
        this.atLimit =
                switch (options.atWalMax()) {
                    case STOP -> "Warp stops";
                    case DROP -> "Warp stops and drops the slot";
                };
    }

    /** How all stands after this look. */
    List<Concern> after(long nowNanos, SourceState state, Remedies remedies) {
        this.remedies = remedies;
        List<Concern> concerns = new ArrayList<>();
        if (state.slot().isPresent()) {
            held.add(nowNanos, state.heldBytes());
            catalogAge.add(nowNanos, state.slot().get().catalogAge());
            concerns.addAll(wal(state, state.slot().get()));
            concerns.add(catalogs(state, state.slot().get()));
        } else {
            held.clear();
            catalogAge.clear();
        }
        if (state.snapshotAge() > 0) {
            snapshotAge.add(nowNanos, state.snapshotAge());
        } else {
            snapshotAge.clear();
        }
        concerns.add(snapshots(state));
        concerns.add(connections(state));
        concerns.add(senders(state));
        return concerns;
    }

    private List<Concern> wal(SourceState state, SlotState now) {
        List<Concern> concerns = new ArrayList<>();
        limit.ifPresent(most -> concerns.add(againstLimit(state, most)));
        if (state.keepBytes().isPresent()) {
            concerns.add(againstServer(state, now, state.keepBytes().get()));
        }
        if (concerns.isEmpty()) {
            concerns.add(withoutLimit(state));
        }
        return concerns;
    }

    private Concern againstLimit(SourceState state, ByteSize most) {
        long bytes = state.heldBytes();
        double share = (double) bytes / most.bytes();
        String line =
                share > 1
                        ? holds(bytes)
                                + ", more than --max-source-wal=%s: Warp goes on as long as that becomes less"
                                        .formatted(most)
                        : holds(bytes)
                                + ", %d %% of --max-source-wal=%s%s"
                                        .formatted(
                                                (long) (share * 100),
                                                most,
                                                until(held.timeUntil(most.bytes()), atLimit));
        return new Concern(
                Kind.WAL_LIMIT,
                share > 1 ? 3 : level(share),
                share < HALF ? holds(bytes) + ": that is well below --max-source-wal" : line,
                List.of(
                        "While tables are copied nothing lets go of it but a spool on this"
                            + " machine's disk (--spool-dir); fewer tables at a time (-t, -T) or"
                            + " more --jobs shorten that.",
                        "Where the source's disk has room: run again with a larger"
                                + " --max-source-wal."));
    }

    private Concern againstServer(SourceState state, SlotState now, long keepBytes) {
        long bytes = state.heldBytes();
        double share = (double) bytes / keepBytes;
        boolean late = now.status() == WalStatus.UNRESERVED || share >= 1;
        String keep = "max_slot_wal_keep_size = " + new ByteSize(keepBytes);
        Optional<Duration> left =
                now.safeBytes().flatMap(safe -> held.timeUntil(bytes + Math.max(safe, 0)));
        String line =
                late
                        ? holds(bytes)
                                + ", more than %s: the source removes it at its next checkpoint,"
                                        .formatted(keep)
                                + " and the slot is lost"
                        : holds(bytes)
                                + ", %d %% of %s%s"
                                        .formatted(
                                                (long) (share * 100),
                                                keep,
                                                until(left, "the source lets the slot go"));
        return new Concern(
                Kind.WAL_KEPT,
                late ? 3 : level(share),
                late || share >= HALF ? line : holds(bytes) + ": that is well below " + keep,
                List.of(
                        "A slot that is lost cannot be had back. Where the source's disk has room: "
                                + remedies.reloadedSetting(
                                        "max_slot_wal_keep_size",
                                        new ByteSize(Math.max(keepBytes, 1 << 20) * 4))));
    }

    private Concern withoutLimit(SourceState state) {
        long bytes = state.heldBytes();
        int level = 0;
        for (long step = GROWTH_BYTES; bytes >= step && level < 40; step *= 2) {
            level++;
        }
        return new Concern(
                Kind.WAL_GROWTH,
                level,
                holds(bytes) + (level == 0 ? "" : growing()),
                List.of(
                        "The source's disk must have room for it; how much it has cannot be seen"
                                + " from here.",
                        "With --max-source-wal=SIZE Warp warns in time, and stops before the slot"
                                + " holds back more than that."));
    }

    private String holds(long bytes) {
        return "Slot %s holds back %s of the source's log"
                .formatted(slot, new ByteSize(bytes).rounded());
    }

    private static int level(double share) {
        return share >= MOST ? 2 : share >= HALF ? 1 : 0;
    }

    private String growing() {
        if (!held.isKnown()) {
            return "";
        }
        double rate = held.perSecond();
        return rate < 1
                ? ", and it does not grow"
                : ", growing by %s/s".formatted(new ByteSize((long) rate).rounded());
    }

    private String until(Optional<Duration> left, String what) {
        return growing()
                + left.map(time -> ": about " + TimeSpan.rounded(time) + " until " + what)
                        .orElse("");
    }

    private Concern snapshots(SourceState state) {
        long age = state.snapshotAge();
        return age(
                Kind.SNAPSHOT_AGE,
                age,
                state.freezeMaxAge(),
                snapshotAge,
                "The snapshot that is copied from",
                "It ends with the copy: fewer tables at a time (-t, -T) or more --jobs shorten"
                        + " that.");
    }

    private Concern catalogs(SourceState state, SlotState now) {
        return age(
                Kind.CATALOG_AGE,
                now.catalogAge(),
                state.freezeMaxAge(),
                catalogAge,
                "What slot %s keeps in the source's catalogs".formatted(slot),
                "It follows once the slot does: when the copy is done, and what was written"
                        + " meanwhile is applied.");
    }

    /** Vacuum works in vain on what somebody may still see; at the limit it works all the time. */
    private static Concern age(
            Kind kind, long age, long most, Trend trend, String subject, String hint) {
        int level = age >= most ? 3 : age >= most * MOST ? 2 : age >= most * HALF ? 1 : 0;
        String numbers =
                String.format(
                        Locale.ROOT,
                        "%s is %,d transactions old, and vacuum cannot remove what is younger",
                        subject,
                        age);
        String what =
                level == 3
                        ? ": autovacuum_freeze_max_age is passed, so it scans tables again and"
                                + " again in vain"
                        : trend.timeUntil(most)
                                .map(time ->
                                        ": about %s until autovacuum_freeze_max_age"
                                                .formatted(TimeSpan.rounded(time)))
                                .orElse("");
        return new Concern(
                kind,
                level,
                level == 0 ? subject + " is young again" : numbers + what,
                List.of(hint));
    }

    private static Concern connections(SourceState state) {
        SourceState.Room room = state.connections();
        int level = room.free() == 0 ? 2 : room.free() < CONNECTIONS_FEW ? 1 : 0;
        return new Concern(
                Kind.CONNECTIONS,
                level,
                level == 0
                        ? "The source has connections to spare again (%d)".formatted(room.free())
                        : "Only %d of the source's %d connections are free for its applications"
                                .formatted(room.free(), room.most()),
                List.of("Give Warp fewer: stop it, and run it again with fewer --jobs."));
    }

    private static Concern senders(SourceState state) {
        SourceState.Room room = state.senders();
        int level = room.free() == 0 ? 1 : 0;
        return new Concern(
                Kind.SENDERS,
                level,
                level == 0
                        ? "The source has walsenders to spare again (%d)".formatted(room.free())
                        : "All of the source's %d walsenders are at work: a replica that reconnects"
                                        .formatted(room.most())
                                + " would be refused",
                List.of("Raise max_wal_senders when the source can be restarted."));
    }
}
