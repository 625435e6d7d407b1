package warp.copy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warp.copy.ChunkCopy.Copied;
import warp.copy.CopyFacts.ChunkId;
import warp.copy.CopyJob.CopyChunk;
import warp.copy.CopyJob.CopyTogether;
import warp.copy.CopyJob.RunFollowUp;
import warp.copy.staging.DamagedFile;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.sql.CopyStatements;

/**
 * Copies the rows of one snapshot with several workers, each with a session of its own at either
 * side. Workers pull chunks (and what follows a complete table) from a {@link JobQueue}, which
 * decides the order. One chunk, or some small ones, is one transaction at the destination, its mark
 * in {@code warp.chunk} included, so a copy that was interrupted goes on where it was when it is
 * run again.
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
    private final @Nullable Staged staged;
    private final @Nullable ChunkReading reading;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /**
     * @param patience with passing failures; the workers share it
     */
    public Copier(CopyRequest request, Patience patience, Progress progress, EventLog log) {
        this(request, null, patience, progress, log);
    }

    /**
     * @param staged where rows go through files: then the request's workers load, and others read
     */
    public Copier(
            CopyRequest request,
            @Nullable Staged staged,
            Patience patience,
            Progress progress,
            EventLog log) {
        this.request = request;
        this.attempts = patience.attempts();
        this.progress = progress;
        this.log = log;
        this.queue =
                new JobQueue(
                        request.jobs().workers(),
                        request.jobs().largeAtOnce(),
                        // What goes through files goes one by one.
                        staged == null ? TogetherCopy.tablesMax(request.jobs().workers()) : 1);
        this.staged = staged;
        this.reading =
                staged == null
                        ? null
                        : new ChunkReading(request, staged, queue, attempts, progress, log);
    }

    /**
     * Copies everything that is not copied yet and runs every follow-up. When it returns or throws,
     * its threads have ended and its sessions are closed.
     *
     * @param source asked what it is like before the copy begins; null where nothing is read from
     *     it
     * @param destination asked the same
     * @throws WarpException the first failure of a worker; {@link ErrorCode#INTERRUPTED} after
     *     {@link #stop} or the interruption of this thread
     */
    public void run(@Nullable Session source, Session destination) {
        try (CopyLogins none = CopyLogins.none()) {
            run(source, destination, none);
        }
    }

    /**
     * As above.
     *
     * @param logins of the workers, under way; no more are taken than there are
     */
    public void run(@Nullable Session source, Session destination, CopyLogins logins) {
        CopyFacts facts = CopyFacts.read(request, source, destination, log);
        plan(facts);
        ChunkAdvance.prepare(request);
        List<Thread> workers = new ArrayList<>();
        for (int i = 1; i <= request.jobs().workers(); i++) {
            CopySessions own = sessions(facts, logins.next());
            workers.add(thread("copy-" + i, () -> work(own, facts)));
        }
        if (reading != null) {
            for (Consumer<CopySessions> life : reading.readers()) {
                CopySessions own = sessions(facts, null);
                workers.add(thread("read-" + workers.size(), () -> life.accept(own)));
            }
        }
        await(workers);
        throwFailure();
        if (reading != null) {
            reading.requireAll();
        }
    }

    private CopySessions sessions(CopyFacts facts, CopyLogins.@Nullable Both begun) {
        int readers = request.jobs().workers() + (staged == null ? 0 : staged.readers());
        CopySessions own = new CopySessions(request, facts.replicaRole(), readers, begun);
        synchronized (sessions) {
            sessions.add(own);
        }
        return own;
    }

    /**
     * A thread of the system: it waits in a socket most of the time, and one that copies gigabytes
     * is woken too often for the virtual ones to pay. The first that fails ends all.
     */
    private Thread thread(String name, Runnable life) {
        return Thread.ofPlatform()
                .name(name)
                .start(() -> {
                    try {
                        life.run();
                    } catch (Throwable problem) {
                        // A defect as well: the others must not go on, and run() throws it.
                        failure.compareAndSet(null, problem);
                        halt();
                    }
                });
    }

    /** Puts what is to be done into the queue. */
    private void plan(CopyFacts facts) {
        Map<TableName, TableCopy> tables = new HashMap<>();
        for (TablePair pair : request.tables()) {
            tables.put(
                    pair.name(),
                    new TableCopy(
                            pair, CopyStatements.format(pair, facts.sameBinary()), request.far()));
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
        if (reading == null) {
            queue.addChunks(jobs);
        } else {
            reading.plan(jobs, held.size());
        }
        tables.values().stream()
                .filter(TableCopy::isComplete)
                .forEach(table -> queue.addFollowUps(followUps(List.of(table))));
    }

    /** The life of one worker. */
    private void work(CopySessions own, CopyFacts facts) {
        try (own) {
            CopyJob job = queue.next();
            while (job != null) {
                switch (job) {
                    case CopyChunk chunk -> copy(chunk, own, facts);
                    case CopyTogether some -> copy(some, own, facts);
                    case RunFollowUp followUp -> {
                        // Others may have begun the last chunk while this worker waited.
                        closeUnneeded(own);
                        followUp.work().run();
                        queue.done(followUp, List.of());
                    }
                }
                closeUnneeded(own);
                job = queue.next();
            }
        } catch (InterruptedException _) {
            stop();
        }
    }

    /** Follow-ups may take hours: nothing of the copy waits meanwhile. */
    private void closeUnneeded(CopySessions own) {
        if (!queue.hasChunks()) {
            own.close();
        }
    }

    private void copy(CopyChunk chunk, CopySessions own, CopyFacts facts)
            throws InterruptedException {
        if (reading == null || staged == null) {
            copyDirectly(chunk, own, facts);
        } else if (reading.isDirect(chunk)) {
            copyDirectly(chunk, own, facts);
            reading.directDone();
        } else {
            own.closeSource();
            load(chunk, own, facts, staged, reading);
        }
    }

    private void copyDirectly(CopyChunk chunk, CopySessions own, CopyFacts facts)
            throws InterruptedException {
        ChunkCopy copy = directCopy(own, facts);
        queue.done(chunk, finished(chunk, copy, copy.copy(chunk, queue)));
    }

    private void copy(CopyTogether some, CopySessions own, CopyFacts facts)
            throws InterruptedException {
        List<CopyChunk> jobs = some.chunks();
        Optional<List<Copied>> copied =
                new TogetherCopy(request, facts, own, attempts).copy(jobs, queue);
        List<TableCopy> complete = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            CopyChunk job = jobs.get(i);
            Copied took =
                    copied.isPresent()
                            ? copied.get().get(i)
                            : directCopy(own, facts).copyAgain(job, queue);
            if (copied.isPresent()) {
                progress.copiedBytes.add(took.bytes());
            }
            if (isComplete(job.table(), took)) {
                complete.add(job.table());
            }
        }
        queue.done(some, followUps(complete));
    }

    private ChunkCopy directCopy(CopySessions own, CopyFacts facts) {
        return new ChunkCopy(
                request,
                facts,
                own,
                new RowFeed.OfSource(own),
                request.throttle(),
                attempts,
                progress);
    }

    private List<RunFollowUp> followUps(List<TableCopy> tables) {
        if (tables.isEmpty()) {
            return List.of();
        }
        List<TablePair> pairs = tables.stream().map(TableCopy::pair).toList();
        return request.followUp().after(pairs).stream()
                .map(work -> new RunFollowUp(tables.getFirst(), work))
                .toList();
    }

    private void load(
            CopyChunk chunk, CopySessions own, CopyFacts facts, Staged from, ChunkReading files)
            throws InterruptedException {
        try (FileFeed feed = new FileFeed(from.files())) {
            ChunkCopy copy = new ChunkCopy(request, facts, own, feed, _ -> {}, attempts, progress);
            queue.done(chunk, finished(chunk, copy, copy.copy(chunk, queue)));
        } catch (DamagedFile damage) {
            own.close();
            files.damaged(chunk, damage);
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
        return isComplete(job.table(), copied) ? followUps(List.of(job.table())) : List.of();
    }

    private boolean isComplete(TableCopy table, Copied copied) {
        progress.chunksDone.increment();
        progress.copiedRows.add(copied.rows());
        if (!table.finish(copied)) {
            return false;
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
        return true;
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
        if (reading != null) {
            reading.halt();
        }
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
