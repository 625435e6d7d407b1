package warp.protection;

import java.time.Duration;
import java.util.Optional;
import warp.model.Lsn;
import warp.protection.SourceState.Room;

/** Looks at a source, made up for tests; each method changes one thing. */
record States(
        long megabytes,
        long confirmedMegabytes,
        boolean active,
        WalStatus status,
        Optional<Long> keepMegabytes,
        long snapshotAge,
        long catalogAge,
        int connectionsFree,
        int sendersFree) {

    static final long FREEZE_MAX_AGE = 200_000_000;

    /** The position at which the slot was made. */
    private static final long BEGIN = 1L << 32;

    private static final int CONNECTIONS = 100;

    /** A quiet source with a new slot that nobody reads, and no limit. */
    static final States CALM =
            new States(0, 0, false, WalStatus.RESERVED, Optional.empty(), 0, 0, 50, 8);

    /** So much log is held back. */
    States holding(long moreMegabytes) {
        return new States(
                moreMegabytes,
                confirmedMegabytes,
                active,
                status,
                keepMegabytes,
                snapshotAge,
                catalogAge,
                connectionsFree,
                sendersFree);
    }

    /** Somebody reads it and has confirmed so much; what is held back stays the same. */
    States read(long confirmed) {
        return new States(
                megabytes,
                confirmed,
                true,
                status,
                keepMegabytes,
                snapshotAge,
                catalogAge,
                connectionsFree,
                sendersFree);
    }

    States kept(long most, WalStatus now) {
        return new States(
                megabytes,
                confirmedMegabytes,
                active,
                now,
                Optional.of(most),
                snapshotAge,
                catalogAge,
                connectionsFree,
                sendersFree);
    }

    States aged(long snapshot, long catalog) {
        return new States(
                megabytes,
                confirmedMegabytes,
                active,
                status,
                keepMegabytes,
                snapshot,
                catalog,
                connectionsFree,
                sendersFree);
    }

    States free(int connections, int senders) {
        return new States(
                megabytes,
                confirmedMegabytes,
                active,
                status,
                keepMegabytes,
                snapshotAge,
                catalogAge,
                connections,
                senders);
    }

    SourceState state() {
        Lsn position = at(megabytes);
        return new SourceState(
                position,
                Optional.of(
                        new SlotState(
                                at(0),
                                at(confirmedMegabytes),
                                active,
                                status,
                                keepMegabytes.map(most -> (most - megabytes) << 20),
                                catalogAge,
                                Optional.empty())),
                keepMegabytes.map(most -> most << 20),
                snapshotAge,
                FREEZE_MAX_AGE,
                new Room(CONNECTIONS, CONNECTIONS - connectionsFree),
                new Room(10, 10 - sendersFree));
    }

    private static Lsn at(long megabytes) {
        return new Lsn(BEGIN + (megabytes << 20));
    }

    static long seconds(long number) {
        return Duration.ofSeconds(number).toNanos();
    }
}
