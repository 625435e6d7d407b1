package warp.copy;

import warp.copy.CopyJob.CopyChunk;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.Table;
import warp.plan.Chunk;
import warp.postgres.wire.WireChannel.ByteMeter;
import warp.postgres.wire.WireSession;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.sql.CitusStatements;
import warp.sql.CopyStatements;

/**
 * Copies chunks, one at a time, each exactly once. For one worker's thread.
 *
 * <p>Rows and mark commit together, so after any failure the chunk is either not there at all or
 * marked. Where a connection breaks at the commit nobody knows which; the mark tells, and as it is
 * the primary key of {@code warp.chunk}, even an old session that is still about to commit cannot
 * make the rows appear twice: one of the two transactions fails as a whole.
 */
final class ChunkCopy {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String NOT_NULL_VIOLATION = "23502";

    /**
     * Below this what is done around the rows costs more than the rows: to note down that a table
     * is begun, and the TRUNCATE without which nothing is written frozen. At its commit the server
     * looks through all of its shared buffers for what it may forget, and makes new files for the
     * table and every index.
     */
    private static final long SMALL_BYTES_MAX = 1 << 20;

    private final CopyRequest request;
    private final CopyFacts facts;
    private final CopySessions sessions;
    private final RowFeed feed;
    private final ByteMeter throttle;
    private final Patience.Attempts attempts;
    private final Progress progress;
    private final ChunkAdvance advance;

    /**
     * @param throttle told of every run of bytes after it was passed on
     */
    ChunkCopy(
            CopyRequest request,
            CopyFacts facts,
            CopySessions sessions,
            RowFeed feed,
            ByteMeter throttle,
            Patience.Attempts attempts,
            Progress progress) {
        this.request = request;
        this.facts = facts;
        this.sessions = sessions;
        this.feed = feed;
        this.throttle = throttle;
        this.attempts = attempts;
        this.progress = progress;
        this.advance = new ChunkAdvance(request, sessions);
    }

    /** Whether what is done around its rows costs more than they do. */
    static boolean isSmall(Chunk chunk) {
        return chunk.bytesEstimated() < SMALL_BYTES_MAX;
    }

    /** What a chunk took. */
    record Copied(long rows, long bytes) {}

    /**
     * Copies a chunk, again after passing failures.
     *
     * @param queue its closing ends the attempts
     * @throws WarpException that names table, chunk and side; the sessions are closed then
     */
    Copied copy(CopyChunk job, JobQueue queue) throws InterruptedException {
        Meter meter = new Meter();
        return persist(
                job,
                queue,
                attempt ->
                        job.marked()
                                ? advance.stage(job, meter, attempt > 1)
                                : attempt(job, meter, attempt > 1));
    }

    /** The same for one that may be copied already, by an attempt together with others. */
    Copied copyAgain(CopyChunk job, JobQueue queue) throws InterruptedException {
        Meter meter = new Meter();
        return persist(job, queue, _ -> attempt(job, meter, true));
    }

    /**
     * Brings what is there of a table to this snapshot, once all of it is staged; again after
     * passing failures.
     */
    void takeOver(CopyChunk last, JobQueue queue) throws InterruptedException {
        persist(
                last,
                queue,
                attempt -> {
                    advance.takeOver(last.table(), attempt > 1);
                    return new Copied(0, 0);
                });
    }

    private interface Attempt {
        Copied make(int attempt);
    }

    private Copied persist(CopyChunk job, JobQueue queue, Attempt work)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                Copied copied = work.make(attempt);
                attempts.succeeded();
                return copied;
            } catch (WarpException problem) {
                sessions.close();
                WarpException explained = CopyFailure.explain(problem, job, request.snapshot());
                if (queue.isClosed() || CopyFailure.needsAnotherRun(problem)) {
                    throw explained;
                }
                queue.pause(attempts.pauseAfter(explained).toMillis());
            }
        }
    }

    private Copied attempt(CopyChunk job, Meter meter, boolean again) {
        throttle.passed(0); // Before anything is begun that would be held open.
        Chunk chunk = job.chunk();
        WireSession destination = sessions.destination();
        if (again && isMarked(destination, chunk)) {
            feed.committed(job);
            return new Copied(0, 0);
        }
        feed.open(job);
        boolean small = isSmall(chunk);
        if (job.table().begin() && !small) {
            destination.execute(CopyStatements.markCopying(request.slot(), chunk.table()));
        }
        // Citus has the rows of its tables elsewhere: there is no lock, no TRUNCATE and no FREEZE
        // for them in the transaction that fills them.
        boolean spread = job.table().pair().destination().distribution() != null;
        boolean alone =
                chunk.isWholeTable()
                        && !spread
                        && !job.table().pair().shared()
                        && facts.truncatable().contains(job.table().pair().destination().name());
        boolean truncate = alone && !small;
        if (alone) {
            beginAlone(destination, job.table().pair().destination());
        } else {
            destination.execute(
                    spread && facts.replicaRole()
                            ? CopyStatements.begin() + "; " + CitusStatements.LOCAL_REPLICA_ROLE
                            : CopyStatements.begin());
        }
        meter.restart();
        long rows = feed.send(job, destination, truncate, meter);
        Copied copied = new Copied(rows, meter.bytes);
        finish(destination, chunk, copied);
        feed.committed(job);
        return copied;
    }

    /**
     * Begins a transaction that has the table for itself. Only an empty table is filled, and
     * truncated where it is large, which makes FREEZE possible: rows that somebody else put there
     * are not Warp's to delete, nor to mix with.
     */
    private static void beginAlone(WireSession destination, Table table) {
        String tag =
                destination.execute(
                        String.join(
                                "; ",
                                CopyStatements.begin(),
                                CopyStatements.lock(table),
                                CopyStatements.anyRow(table)));
        if (!isNoRow(tag)) {
            throw new WarpException(ErrorCode.STATE, "the table has rows already")
                    .at(Side.DESTINATION)
                    .hint("if they may go: " + CopyStatements.truncate(table));
        }
    }

    private void finish(WireSession destination, Chunk chunk, Copied copied) {
        try {
            FaultPoint.CHUNK_COPIED.before();
            destination.execute(
                    feed.beforeCommit()
                            + CopyStatements.finish(
                                    request.slot(),
                                    chunk,
                                    copied.rows(),
                                    copied.bytes(),
                                    request.copiedLsn()));
            FaultPoint.CHUNK_COPIED.after();
        } catch (WarpException problem) {
            if (problem.hasSqlState(NOT_NULL_VIOLATION)) {
                requireOwn(destination, chunk, problem);
            }
            if (!problem.hasSqlState(UNIQUE_VIOLATION)) {
                throw problem;
            }
            // Deferred constraints of the table are checked here as well, hence the look.
            destination.execute(CopyStatements.rollback());
            if (!isMarked(destination, chunk)) {
                throw problem;
            }
        }
    }

    /** Deferred constraints of the table are no reason: none is of this kind. */
    private void requireOwn(WireSession destination, Chunk chunk, WarpException refused) {
        destination.execute(CopyStatements.rollback());
        String tag =
                destination.execute(
                        CopyStatements.copiedBy(
                                request.slot(), chunk.table(), request.copiedLsn()));
        if (isNoRow(tag)) {
            throw new WarpException(
                            ErrorCode.STATE, "another Warp has taken over the copy of this table")
                    .at(Side.DESTINATION)
                    .sqlState(refused.sqlState().orElse(null))
                    .hint("Let that one go on; this one has changed nothing since.");
        }
    }

    private boolean isMarked(WireSession destination, Chunk chunk) {
        return !isNoRow(destination.execute(CopyStatements.mark(request.slot(), chunk)));
    }

    private static boolean isNoRow(String tag) {
        return tag.equals("SELECT 0");
    }

    /** Counts what travels; what a second attempt sends again is not shown as progress again. */
    private final class Meter implements ByteMeter {
        private long bytes;
        private long shown;

        void restart() {
            bytes = 0;
        }

        @Override
        public void passed(int count) {
            bytes += count;
            if (bytes > shown) {
                progress.copiedBytes.add(bytes - shown);
                shown = bytes;
            }
            throttle.passed(count);
        }
    }
}
