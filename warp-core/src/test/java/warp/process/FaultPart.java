package warp.process;

import java.util.Arrays;
import java.util.List;
import warp.error.FaultPoint;

/** In which part of its life a migration comes to a point where it can fail. */
enum FaultPart {
    COPY,
    RESUMED_COPY,
    STAGED_COPY,
    REPAIR,
    SCHEMA,
    REPLICATION,
    DEFINITIONS,
    CLEAN,
    SPOOL;

    /** Its points, in order. */
    List<FaultPoint> points() {
        return Arrays.stream(FaultPoint.values()).filter(point -> of(point) == this).toList();
    }

    /** A new point has to say where it is reached, and is tried then. */
    private static FaultPart of(FaultPoint point) {
        return switch (point) {
            case OBSTACLES_DROPPED, OBJECT_MADE -> SCHEMA;
            case TRANSACTION,
                    MIGRATION_BEGUN,
                    IDENTITY_DECLARED,
                    PUBLICATION_MADE,
                    SLOT_MADE,
                    COPY_BEGUN,
                    TABLES_EMPTIED,
                    OBJECT_REMOVED,
                    LARGE_OBJECTS_MADE,
                    EMPTY_TABLES_MARKED,
                    CHUNK_COPIED,
                    OBJECT_PUT_BACK,
                    PHASE_ENTERED,
                    SEQUENCES_SET ->
                    COPY;
            case COPY_TAKEN_OVER, COPY_RESUMED, CHUNKS_ADVANCED -> RESUMED_COPY;
            case SLOT_LOSS_NOTED, SLOT_REPLACED, TABLES_CLEARED -> REPAIR;
            case MANIFEST_WRITTEN, FILE_STAGED, FILE_REMOVED -> STAGED_COPY;
            case PROGRESS_COMMITTED, ACKNOWLEDGED -> REPLICATION;
            case HOLD_PLACED,
                    TABLE_ALTERED,
                    HELD_APPLIED,
                    HOLD_RELEASED,
                    COPY_SLOT_MADE,
                    TABLE_COPY_BEGUN,
                    TABLE_COPY_TAKEN ->
                    DEFINITIONS;
            case SLOT_DROPPED, PUBLICATION_DROPPED, STATE_FORGOTTEN -> CLEAN;
            case SPOOL_NOTED, SPOOL_FORCED, SPOOL_REMOVED -> SPOOL;
        };
    }
}
