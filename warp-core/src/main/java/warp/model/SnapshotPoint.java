package warp.model;

/**
 * Where a snapshot of the source stands: in its log, and among its transactions.
 *
 * <p>A row that the snapshot shows and whose {@code xmin} is before {@link #oldest} is also shown,
 * unchanged, by every later snapshot that still shows it; one that came into being after the
 * snapshot was taken has an {@code xmin} at or after it. Subtransactions are no exception: their
 * numbers are higher than that of the transaction they are part of.
 *
 * @param position the consistent point: the snapshot shows exactly what committed before
 * @param oldest its {@code xmin}: every transaction before it had ended; 64 bits wide, as {@code
 *     txid_snapshot_xmin} gives it
 * @param next its {@code xmax}: no transaction from there on is shown
 */
public record SnapshotPoint(Lsn position, long oldest, long next) {

    public SnapshotPoint {
        if (oldest < 0 || next < oldest) {
            throw new IllegalArgumentException("no snapshot: " + oldest + " to " + next);
        }
    }
}
