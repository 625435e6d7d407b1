package warp.copy;

import java.util.List;
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

    /** Copy several small tables at once, none of which is marked. */
    record CopyTogether(List<CopyChunk> chunks) implements CopyJob {
        @Override
        public long weight() {
            return chunks.getFirst().weight();
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
