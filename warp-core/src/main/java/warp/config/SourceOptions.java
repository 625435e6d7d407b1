package warp.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for to spare the source; null where nothing is said.
 *
 * @param maxSourceWal {@code --max-source-wal}: how much log the slot may hold back
 * @param maxSourceWalAction what to do beyond it
 * @param maxLoad {@code --max-load}: pause while more sessions than that are active at the source
 * @param maxReplicaLag {@code --max-replica-lag}: pause while a replica of the source is further
 *     behind
 * @param throttleQuery {@code --throttle-query}: pause while this gives true or a number but 0
 * @param throttle {@code --throttle}: how much may be copied in a second
 */
public record SourceOptions(
        @Nullable ByteSize maxSourceWal,
        @Nullable WalAction maxSourceWalAction,
        @Nullable Integer maxLoad,
        @Nullable TimeSpan maxReplicaLag,
        @Nullable String throttleQuery,
        @Nullable ByteSize throttle) {

    /** Nothing asked for. */
    public static final SourceOptions NONE = new SourceOptions(null, null, null, null, null, null);

    /** What to do with the slot when it holds back too much. */
    public enum WalAction {
        /** Warp ends; the slot stays, and whoever raises the limit loses nothing. */
        STOP,
        /** Warp ends and drops the slot: the source is safe, the migration begins anew. */
        DROP
    }

    /** This, and where it says nothing the other: the command line over the file. */
    public SourceOptions over(SourceOptions other) {
        return new SourceOptions(
                first(maxSourceWal, other.maxSourceWal),
                first(maxSourceWalAction, other.maxSourceWalAction),
                first(maxLoad, other.maxLoad),
                first(maxReplicaLag, other.maxReplicaLag),
                first(throttleQuery, other.throttleQuery),
                first(throttle, other.throttle));
    }

    private static <T> @Nullable T first(@Nullable T own, @Nullable T other) {
        return own != null ? own : other;
    }

    public Optional<ByteSize> walMax() {
        return Optional.ofNullable(maxSourceWal);
    }

    public WalAction atWalMax() {
        return Optional.ofNullable(maxSourceWalAction).orElse(WalAction.STOP);
    }

    public Optional<Integer> sessionsMax() {
        return Optional.ofNullable(maxLoad);
    }

    public Optional<TimeSpan> replicaLagMax() {
        return Optional.ofNullable(maxReplicaLag);
    }

    public Optional<String> pauseQuery() {
        return Optional.ofNullable(throttleQuery);
    }

    /** Bytes in a second. */
    public Optional<ByteSize> copyRateMax() {
        return Optional.ofNullable(throttle);
    }

    /** Whether the source's load is to be looked at. */
    public boolean watchesLoad() {
        return maxLoad != null || maxReplicaLag != null || throttleQuery != null;
    }
}
