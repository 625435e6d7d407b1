package warp.copy;

import java.util.List;
import warp.plan.Chunk;
import warp.plan.ChunkPlanner;

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

        /**
         * From this size on its rows keep a core of either server busy for so long, about a tenth
         * of a second, that the messages and the commit around them no longer count. A table that
         * is cut is large in each of its pieces, though they may be a quarter smaller than is
         * planned, unless what is known of its key is so coarse that they differ by more.
         */
        static final long LARGE_BYTES = ChunkPlanner.CHUNK_BYTES_MIN / 2;

        boolean isLarge() {
            return chunk.bytesEstimated() >= LARGE_BYTES;
        }

        @Override
        public long weight() {
            return chunk.bytesEstimated() + table.followUpBytes();
        }
    }

    /** Copy several small tables at once, none of which is marked, and none of which is large. */
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
