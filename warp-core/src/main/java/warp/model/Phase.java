package warp.model;

/**
 * How far a migration is. Durable in {@code warp.migration}; a phase is entered by the transaction
 * that ends the one before it, so after a crash it tells what may have been begun and not finished.
 */
public enum Phase {
    /**
     * Checked and noted down; publication and slot are being made. Nothing at the destination has
     * been touched.
     */
    PREPARE,
    /**
     * With {@code --sync-schema}: what was in the schema's way is dropped, and the schema is made
     * from the snapshot.
     */
    SCHEMA,
    /** The destination's tables are emptied and filled from the snapshot. */
    COPY,
    /** Every row of the snapshot is there; indexes, keys and statistics are being put back. */
    INDEX,
    /** Changes are applied; {@code warp.progress} tells up to where. */
    REPLICATE
}
