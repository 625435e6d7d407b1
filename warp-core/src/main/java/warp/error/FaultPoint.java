package warp.error;

import org.jspecify.annotations.Nullable;

/**
 * The edges at which something becomes durable, by name: before one, nothing of it may count; after
 * it, all of it must, whatever happens next. Tests make Warp fail there, by {@link PlannedFault}:
 * with the work undone, and with the work done and nobody told. Every point is tried at both edges
 * by {@code FaultPointsPgTest}, which says for each how it is reached.
 *
 * <p>Where nothing is planned, which is always but for tests, a point costs one read. Points stand
 * where a transaction ends, never where rows flow. This is the one thing that all migrations of a
 * process share: a plan is for a process.
 */
public enum FaultPoint {
    /** Any transaction of an ordinary session, at either side. */
    TRANSACTION,

    /** The migration's row is written, whatever was known of it before forgotten. */
    MIGRATION_BEGUN,
    /** A replica identity is declared at the source, or put back. */
    IDENTITY_DECLARED,
    PUBLICATION_MADE,
    SLOT_MADE,

    /** With {@code --sync-schema}: what is in the way is dropped. */
    OBSTACLES_DROPPED,
    /** With {@code --sync-schema}: one entry of pg_dump's text is executed. */
    OBJECT_MADE,

    /** The snapshot's position, the plan of all chunks and phase COPY are written. */
    COPY_BEGUN,
    TABLES_EMPTIED,
    /** An index, key or trigger is taken away and written down. */
    OBJECT_REMOVED,
    LARGE_OBJECTS_MADE,
    EMPTY_TABLES_MARKED,
    /** A copy that was interrupted is planned anew, as of another snapshot. */
    COPY_RESUMED,
    /** Finished chunks of a table are brought to that snapshot. */
    CHUNKS_ADVANCED,
    /** The rows of a chunk, or of several small tables, and the marks. */
    CHUNK_COPIED,

    /** With {@code --tmp-dir}: what the files are stands on disk. */
    MANIFEST_WRITTEN,
    /** With {@code --tmp-dir}: a chunk's file is whole. */
    FILE_STAGED,
    /** With {@code --tmp-dir}: a chunk's file goes, its rows being loaded. */
    FILE_REMOVED,
    /** An interrupted copy goes on: the position of the new snapshot is written. */
    COPY_TAKEN_OVER,

    /** The slot is lost: its tables are suspect, its progress is worth nothing. */
    SLOT_LOSS_NOTED,
    /** Another slot is made for one that is lost, and its position is written. */
    SLOT_REPLACED,
    /** Suspect tables that are equal are as of the snapshot they were compared with. */
    TABLES_CLEARED,

    /** A phase that is entered on its own. */
    PHASE_ENTERED,
    /** What was taken away is there again and is not owed any more. */
    OBJECT_PUT_BACK,
    SEQUENCES_SET,

    /** Where the spool is, before the source is told of anything in it. */
    SPOOL_NOTED,
    /** Changes are forced to the spool's disk. */
    SPOOL_FORCED,
    /** All of the spool is applied: what is left of it is removed, and where it is forgotten. */
    SPOOL_REMOVED,

    /** Changes and the progress that stands for them. */
    PROGRESS_COMMITTED,
    /** The source is told what is durable. */
    ACKNOWLEDGED,

    /** A table is held from a change on; durable with the progress of that transaction. */
    HOLD_PLACED,
    /** Warp changes a definition at the destination. */
    TABLE_ALTERED,
    /** Held changes are applied and are not held any more. */
    HELD_APPLIED,
    HOLD_RELEASED,
    /** A slot for the copy of held tables. */
    COPY_SLOT_MADE,
    /** Held tables are emptied for their copy. */
    TABLE_COPY_BEGUN,
    /** What the copy of a held table has replaced is dropped. */
    TABLE_COPY_TAKEN,

    SLOT_DROPPED,
    PUBLICATION_DROPPED,
    /** Nothing is known of the migration any more. */
    STATE_FORGOTTEN;

    /** On which side of the point. */
    public enum Edge {
        BEFORE,
        AFTER
    }

    /** What is to happen at the points. */
    interface Plan {
        void reached(FaultPoint point, Edge edge);
    }

    private static volatile @Nullable Plan plan =
            PlannedFault.plan(System.getProperty(PlannedFault.PROPERTY, ""));

    /** For tests: what is to happen in this process from now on; null for nothing. */
    static void follow(@Nullable Plan next) {
        plan = next;
    }

    /** To be called when the work is about to become durable. */
    public void before() {
        reached(Edge.BEFORE);
    }

    /** To be called when the work is durable, before anybody acts upon that. */
    public void after() {
        reached(Edge.AFTER);
    }

    private void reached(Edge edge) {
        Plan planned = plan;
        if (planned != null) {
            planned.reached(this, edge);
        }
    }
}
