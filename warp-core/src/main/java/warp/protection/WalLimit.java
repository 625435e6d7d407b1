package warp.protection;

import java.time.Duration;
import java.util.Optional;
import warp.config.ByteSize;

/**
 * Whether the slot has held back more log than {@code --max-source-wal} allows, so that Warp must
 * end. Pure: time and looks come from outside. For one thread.
 *
 * <p>A slot that nobody reads, as during a copy, only grows: past the limit there is no reason to
 * wait. One that is read may be about to shrink (Warp was stopped over night, and is working it off
 * now), and to end then would be the one thing that keeps it large. So there Warp ends only where
 * what is unconfirmed has not become less over {@code patience}.
 */
final class WalLimit {

    private final ByteSize limit;
    private final Duration patience;
    private final Trend behind = new Trend();
    private boolean begunBeyond;
    private long firstNanos;
    private boolean looked;
    private long activeNanos;
    private boolean wasActive;

    WalLimit(ByteSize limit, Duration patience) {
        this.limit = limit;
        this.patience = patience;
    }

    /** What is held back, where Warp must end because of it. */
    Optional<ByteSize> exceeded(long nowNanos, SourceState state) {
        SlotState slot = state.slot().orElse(null);
        if (slot == null) {
            behind.clear();
            return Optional.empty();
        }
        long bytes = state.heldBytes();
        behind.add(nowNanos, slot.behindBytes(state.position()));
        if (!looked) {
            looked = true;
            firstNanos = nowNanos;
            begunBeyond = bytes > limit.bytes();
        }
        if (slot.active()) {
            wasActive = true;
            activeNanos = nowNanos;
        }
        if (bytes <= limit.bytes()) {
            begunBeyond = false;
            return Optional.empty();
        }
        boolean waits = mayShrink(nowNanos) && behind.hasFallenWithin(patience);
        return waits ? Optional.empty() : Optional.of(new ByteSize(bytes));
    }

    private boolean mayShrink(long nowNanos) {
        boolean read = wasActive && nowNanos - activeNanos < patience.toNanos();
        boolean begins = begunBeyond && nowNanos - firstNanos < patience.toNanos();
        return read || begins;
    }
}
