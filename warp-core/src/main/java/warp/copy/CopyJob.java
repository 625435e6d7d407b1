package warp.copy;

import warp.plan.Chunk;

/** What a worker does next. */
sealed interface CopyJob {

    /** Bytes of work that cannot begin or end before this job: the larger, the earlier. */
    long weight();

    /** Copy a part of a table. */
    record CopyChunk(TableCopy table, Chunk chunk) implements CopyJob {
        @Override
        public long weight() {
            return chunk.bytesEstimated() + table.followUpBytes();
        }
    }

    /** Do what follows a table that is complete. */
    record RunFollowUp(TableCopy table, Runnable work) implements CopyJob {
        @Override
        public long weight() {
            return table.followUpBytes();
        }
    }
}
