package warp.copy;

import java.util.List;
import warp.copy.CopyJob.CopyChunk;
import warp.postgres.wire.WireChannel.ByteMeter;
import warp.postgres.wire.WireSession;
import warp.sql.CopyStatements;

/** Where one worker gets the rows of a chunk from. */
interface RowFeed {

    /** Makes sure that the rows can be had; before the destination's transaction begins. */
    void open(CopyChunk job);

    /**
     * Sends them to a COPY of the destination's transaction.
     *
     * @param freeze whether the table is emptied first and filled frozen
     * @return rows that the destination took
     */
    long send(CopyChunk job, WireSession destination, boolean freeze, ByteMeter meter);

    /** What the transaction runs before its commit, for this kind of rows; may be empty. */
    String beforeCommit();

    /** The chunk is committed, now or by an earlier attempt. */
    void committed(CopyChunk job);

    /** Straight from the source. */
    record OfSource(CopySessions sessions) implements RowFeed {

        @Override
        public void open(CopyChunk job) {
            sessions.hold(List.of(job.table().pair().source()));
        }

        @Override
        public long send(CopyChunk job, WireSession destination, boolean freeze, ByteMeter meter) {
            var pair = job.table().pair();
            WireSession source = sessions.source();
            var format = job.table().format(source);
            return source.copyTo(
                    destination,
                    CopyStatements.copyOut(pair, job.chunk().range(), format),
                    CopyStatements.copyIn(pair, format, freeze),
                    meter);
        }

        @Override
        public String beforeCommit() {
            return "";
        }

        @Override
        public void committed(CopyChunk job) {
            // The source keeps its rows.
        }
    }
}
