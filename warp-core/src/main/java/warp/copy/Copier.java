package warp.copy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import warp.copy.ChunkCopy.Copied;
import warp.copy.CopyFacts.ChunkId;
import warp.copy.CopyJob.CopyChunk;
import warp.copy.CopyJob.RunFollowUp;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.sql.CopyStatements;

/**
 * Copies the rows of one snapshot with several workers, each with a session of its own at either
 * side. Workers pull chunks (and what follows a complete table) from a {@link JobQueue}, which
 * decides the order. One chunk is one transaction at the destination, its mark in {@code
 * warp.chunk} included, so a copy that was interrupted goes on where it was when it is run again.
 *
 * <p>A passing failure (connection, time-out) repeats the chunk with fresh sessions, for as long as
 * {@link Patience} says; any other ends the copy. To be run once; {@link #stop} may come from any
 * thread, at any time.
 */
public final class Copier {

    /** Tables from this size on are worth a line to everybody. */
    private static final long TABLE_BYTES_WORTH_A_LINE = 16L << 20;

    private final CopyRequest request;
    private final Patience.Attempts attempts;
    private final Progress progress;
    private final EventLog log;
    private final JobQueue queue;
    private final List<CopySessions> sessions = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /**
     * @param patience with passing failures; the workers share it
     */
    public Copier(CopyRequest request, Patience patience, Progress progress, EventLog log) {
        this.request = request;
        this.attempts = patience.attempts();
        this.progress = progress;
        this.log = log;
        this.queue = new JobQueue(request.workers());
    }

    /**
     * Copies everything that is not copied yet and runs every follow-up. When it returns or throws,
     * its threads have ended and its sessions are closed.
     *
     * @throws WarpException the first failure of a worker; {@link ErrorCode#INTERRUPTED} after
     *     {@link #stop} or the interruption of this thread
     */
    public void run() {
        CopyFacts facts = CopyFacts.read(request, log);
        plan(facts);
        ChunkAdvance.prepare(request);
        List<Thread> workers = new ArrayList<>();
        for (int i = 1; i <= request.workers(); i++) {
            CopySessions own = new CopySessions(request, facts.replicaRole());
            synchronized (sessions) {
                sessions.add(own);
            }
            ChunkCopy copy = new ChunkCopy(request, facts, own, attempts, progress);
            // A thread of the system: it waits in a socket most of the time, and one that copies
            // gigabytes is woken too often for the virtual ones to pay.
            workers.add(Thread.ofPlatform().name("copy-" + i).start(() -> work(own, copy)));
        }
        await(workers);
        throwFailure();
    }

    /** Puts what is to be done into the queue. */
    private void plan(CopyFacts facts) {
        Map<TableName, TableCopy> tables = new HashMap<>();
        for (TablePair pair : request.tables()) {
            tables.put(
                    pair.name(),
                    new TableCopy(pair, CopyStatements.format(pair, facts.sameBinary())));
        }
        List<CopyChunk> jobs = new ArrayList<>();
        List<CopyChunk> held = new ArrayList<>();
        for (Chunk chunk : request.chunks()) {
            TableCopy table = tables.get(chunk.table());
            if (table == null) {
                throw new IllegalStateException("the request did not check " + chunk);
            }
            progress.chunksAll.incrementAndGet();
            progress.copyBytesAll.addAndGet(chunk.bytesEstimated());
            boolean marked = facts.done().contains(new ChunkId(chunk.table(), chunk.number()));
            boolean advances = request.advance().base().containsKey(chunk.table());
            if (marked && advances) {
                table.expectAdvance();
                jobs.add(new CopyChunk(table, chunk, true));
            } else if (marked) {
                progress.chunksDone.increment();
                progress.copiedBytes.add(chunk.bytesEstimated());
            } else {
                table.expectChunk();
                (advances ? held : jobs).add(new CopyChunk(table, chunk, false));
            }
        }
        held.forEach(chunk -> chunk.table().holdBack(chunk));
        queue.addChunks(jobs);
        tables.values().stream()
                .filter(TableCopy::isComplete)
                .forEach(table -> queue.addFollowUps(followUps(table)));
    }

    private List<RunFollowUp> followUps(TableCopy table) {
        return request.followUp().after(table.pair()).stream()
                .map(work -> new RunFollowUp(table, work))
                .toList();
    }

    /** The life of one worker. */
    private void work(CopySessions own, ChunkCopy copy) {
        try (own) {
            CopyJob job = queue.next();
            while (job != null) {
                switch (job) {
                    case CopyChunk chunk ->
                            queue.done(chunk, finished(chunk, copy, copy.copy(chunk, queue)));
                    case RunFollowUp followUp -> {
                        followUp.work().run();
                        queue.done(followUp, List.of());
                    }
                }
                if (!queue.hasChunks()) {
                    // Follow-ups may take hours: nothing of the copy waits meanwhile.
                    own.close();
                }
                job = queue.next();
            }
        } catch (InterruptedException _) {
            stop();
        } catch (Throwable problem) {
            // A defect as well: the other workers must not go on, and run() throws it.
            failure.compareAndSet(null, problem);
            halt();
        }
    }

    private List<RunFollowUp> finished(CopyChunk job, ChunkCopy copy, Copied copied)
            throws InterruptedException {
        if (job.marked()) {
            if (job.table().isStaged()) {
                copy.takeOver(job, queue);
                queue.addChunks(job.table().waiting());
            }
            progress.chunksDone.increment();
            return List.of();
        }
        progress.chunksDone.increment();
        progress.copiedRows.add(copied.rows());
        TableCopy table = job.table();
        if (!table.finish(copied)) {
            return List.of();
        }
        String line =
                String.format(
                        Locale.ROOT,
                        "Copied %s: %,d rows, %,d MB in %.1f s",
                        table.name(),
                        table.rows(),
                        table.bytes() >> 20,
                        table.seconds());
        if (table.bytes() >= TABLE_BYTES_WORTH_A_LINE) {
            log.info(line);
        } else {
            log.detail(line);
        }
        return followUps(table);
    }

    /**
     * Ends the copy: statements are cancelled, {@link #run} throws. Returns when the servers have
     * been told. From any thread, any number of times.
     */
    public void stop() {
        stopped = true;
        halt();
    }

    private void halt() {
        queue.close();
        request.throttle().end();
        request.followUp().stop();
        List<CopySessions> open;
        synchronized (sessions) {
            open = List.copyOf(sessions);
        }
        try (var cancels = Executors.newVirtualThreadPerTaskExecutor()) {
            open.forEach(own -> cancels.execute(own::abort));
        }
    }

    /** Waits for all to end; an interruption meanwhile stops the copy, and they end soon. */
    private void await(List<Thread> workers) {
        boolean interrupted = Thread.interrupted();
        if (interrupted) {
            stop();
        }
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                    stop();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() {
        switch (failure.get()) {
            case Error defect -> throw defect;
            case WarpException known when !stopped -> throw known;
            case RuntimeException defect when !stopped -> throw defect;
            case null, default -> {
                if (stopped) {
                    throw new WarpException(ErrorCode.INTERRUPTED, "the copy was stopped");
                }
            }
        }
    }
}
