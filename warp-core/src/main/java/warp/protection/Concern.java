package warp.protection;

import java.util.List;

/**
 * How one thing stands that may do harm to the source.
 *
 * @param level 0 where all is well; the higher, the worse
 * @param line what to say about it; at level 0 that it is over
 */
record Concern(Kind kind, int level, String line, List<String> hints) {

    /** What may do harm. */
    enum Kind {
        /** The slot's log, against the limit that was given to Warp. */
        WAL_LIMIT,
        /** The slot's log, against the limit that the server has. */
        WAL_KEPT,
        /** The slot's log, where there is no limit. */
        WAL_GROWTH,
        /** How old Warp's snapshots are: vacuum keeps all rows that they see. */
        SNAPSHOT_AGE,
        /** How old the rows of catalogs are that are kept for the slot. */
        CATALOG_AGE,
        CONNECTIONS,
        SENDERS
    }
}
