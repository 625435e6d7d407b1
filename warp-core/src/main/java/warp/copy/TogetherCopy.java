package warp.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import warp.copy.ChunkCopy.Copied;
import warp.copy.CopyJob.CopyChunk;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Table;
import warp.model.TablePair;
import warp.postgres.wire.WireChannel.ByteMeter;
import warp.postgres.wire.WireSession;
import warp.postgres.wire.WireSession.CopiedAll;
import warp.progress.Patience;
import warp.sql.CopyStatements;
import warp.sql.TogetherStatements;
import warp.sql.TogetherStatements.Took;

/**
 * Copies several small tables, in one transaction of the destination with the marks of all, and
 * with a few messages to either side: alone, each would take as many, and a commit. For one
 * worker's thread.
 *
 * <p>Tried once and without waiting for anybody's lock. Whatever is in the way, the transaction is
 * undone with its session, or it has committed and nobody was told: {@link ChunkCopy} looks at the
 * marks and copies what is missing one by one, with its patience and its words.
 */
final class TogetherCopy {

    /** Of all sessions together: each takes the locks of a table and of its indexes. */
    private static final int TABLES_AT_ONCE_MAX = 100;

    private static final int TABLES_MAX = 25;

    private final CopyRequest request;
    private final CopyFacts facts;
    private final CopySessions sessions;
    private final Patience.Attempts attempts;

    TogetherCopy(
            CopyRequest request,
            CopyFacts facts,
            CopySessions sessions,
            Patience.Attempts attempts) {
        this.request = request;
        this.facts = facts;
        this.sessions = sessions;
        this.attempts = attempts;
    }

    /** How many tables go together. */
    static int tablesMax(int workers) {
        return Math.clamp(TABLES_AT_ONCE_MAX / workers, 2, TABLES_MAX);
    }

    /** Tables that can be copied with others: whole and small, and with rows of their own here. */
    static boolean suits(CopyChunk job) {
        TablePair pair = job.table().pair();
        return !job.marked()
                && job.chunk().isWholeTable()
                && ChunkCopy.isSmall(job.chunk())
                && !pair.shared()
                && pair.destination().distribution() == null
                && !pair.destination().partitioned();
    }

    /**
     * Copies them.
     *
     * @return what each took, in order; empty where they are to be copied one by one, each perhaps
     *     copied already
     * @throws WarpException where the snapshot is of no use any more, or the queue is closed
     */
    Optional<List<Copied>> copy(List<CopyChunk> jobs, JobQueue queue) throws InterruptedException {
        try {
            Optional<List<Copied>> copied = attempt(jobs);
            attempts.succeeded();
            return copied;
        } catch (WarpException problem) {
            sessions.close();
            WarpException explained = CopyFailure.explain(problem, jobs, request.snapshot());
            if (queue.isClosed() || CopyFailure.needsAnotherRun(problem)) {
                throw explained;
            }
            if (problem.code() == ErrorCode.CONNECTION) {
                queue.pause(attempts.pauseAfter(explained).toMillis());
            }
            return Optional.empty();
        }
    }

    private Optional<List<Copied>> attempt(List<CopyChunk> jobs) {
        request.throttle().passed(0); // Before anything is begun that would be held open.
        WireSession destination = sessions.destination();
        sessions.hold(jobs.stream().map(job -> job.table().pair().source()).toList());
        jobs.forEach(job -> job.table().begin());
        List<Meter> meters = jobs.stream().map(_ -> new Meter(request.throttle())).toList();
        CopiedAll answers =
                sessions.source()
                        .copyAllTo(destination, begin(jobs), outs(jobs), ins(jobs), meters);
        if (!answers.before().equals("SELECT 0")) {
            destination.execute(CopyStatements.rollback());
            return Optional.empty();
        }
        List<Copied> copied = new ArrayList<>();
        List<Took> took = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            Copied one = new Copied(answers.rows().get(i), meters.get(i).bytes);
            copied.add(one);
            took.add(new Took(jobs.get(i).chunk(), one.rows(), one.bytes()));
        }
        FaultPoint.CHUNK_COPIED.before();
        destination.execute(TogetherStatements.finish(request.slot(), took, request.copiedLsn()));
        FaultPoint.CHUNK_COPIED.after();
        return Optional.of(copied);
    }

    private String begin(List<CopyChunk> jobs) {
        Predicate<Table> alone = table -> facts.truncatable().contains(table.name());
        List<Table> tables = jobs.stream().map(job -> job.table().pair().destination()).toList();
        return TogetherStatements.begin(
                tables.stream().filter(alone).toList(),
                tables.stream().filter(alone.negate()).toList());
    }

    private static List<String> outs(List<CopyChunk> jobs) {
        return jobs.stream()
                .map(CopyChunk::table)
                .map(it -> CopyStatements.copyOut(it.pair(), Optional.empty(), it.format()))
                .toList();
    }

    private static List<String> ins(List<CopyChunk> jobs) {
        return jobs.stream()
                .map(CopyChunk::table)
                .map(it -> CopyStatements.copyIn(it.pair(), it.format(), false))
                .toList();
    }

    private static final class Meter implements ByteMeter {
        private final ByteMeter throttle;
        private long bytes;

        Meter(ByteMeter throttle) {
            this.throttle = throttle;
        }

        @Override
        public void passed(int count) {
            bytes += count;
            throttle.passed(count);
        }
    }
}
