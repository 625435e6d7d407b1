package warp.copy;

import warp.plan.Chunk;

/** What a worker does next. */
sealed interface CopyJob {

    /** Bytes of work that cannot begin or end before this job: the larger, the earlier. */
    long weight();

    /**
     * Copy a part of a table.
     *
     * @param marked whether it is there as of an earlier snapshot and only to be brought to this
     *     one
     */
    record CopyChunk(TableCopy table, Chunk chunk, boolean marked) implements CopyJob {
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
