package warp.copy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warp.copy.CopyJob.CopyChunk;
import warp.copy.staging.ChunkFileWriter;
import warp.copy.staging.DamagedFile;
import warp.copy.staging.StagedFiles;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.TablePair;
import warp.model.TablePair.ColumnPair;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.sql.CopyStatements;

/**
 * Reads chunks into files, with several readers, each with a session of its own at the source; a
 * chunk whose file is whole goes to the queue of those that load. When all are read, the readers
 * end and the source is let go of, however long loading takes.
 */
final class ChunkReading {

    private final CopyRequest request;
    private final Staged staged;
    private final StagedFiles files;
    private final JobQueue loads;
    private final Patience.Attempts attempts;
    private final Progress progress;
    private final EventLog log;
    private final ReadQueue reads = new ReadQueue();
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();

    ChunkReading(
            CopyRequest request,
            Staged staged,
            JobQueue loads,
            Patience.Attempts attempts,
            Progress progress,
            EventLog log) {
        this.request = request;
        this.staged = staged;
        this.files = staged.files();
        this.loads = loads;
        this.attempts = attempts;
        this.progress = progress;
        this.log = log;
    }

    /**
     * Whether a chunk goes straight from the source, past the files: those of half-copied tables
     * do, as most of their rows are there already.
     */
    boolean isDirect(CopyChunk job) {
        return request.advance().base().containsKey(job.table().name());
    }

    /** One that is direct is done. */
    void directDone() {
        reads.done();
    }

    /**
     * Takes what is to be done: what has a file is loaded, the rest is read first.
     *
     * @param heldBack how many direct ones are still to come
     */
    void plan(List<CopyChunk> jobs, int heldBack) {
        List<CopyChunk> missing = new ArrayList<>();
        List<CopyChunk> there = new ArrayList<>();
        List<CopyChunk> direct = jobs.stream().filter(this::isDirect).toList();
        loads.addChunks(direct);
        reads.expectElsewhere(direct.size() + heldBack);
        for (CopyChunk job : jobs) {
            if (isDirect(job)) {
                continue;
            }
            boolean read = files.has(job.chunk().table(), job.chunk().number());
            (read ? there : missing).add(job);
        }
        if (!staged.reads()) {
            loads.addChunks(there);
            progress.chunksRead.add(there.size());
            if (files.manifest().complete()) {
                missing.forEach(job -> lose(job, name(job) + " is missing"));
            }
            return;
        }
        progress.chunksRead.add(there.size());
        loads.expect(missing.size());
        loads.addChunks(there);
        reads.add(missing);
    }

    /** The lives of the readers, to be run side by side. */
    List<Consumer<CopySessions>> readers() {
        readers.set(staged.readers());
        List<Consumer<CopySessions>> lives = new ArrayList<>();
        for (int i = 0; i < staged.readers(); i++) {
            lives.add(this::work);
        }
        return lives;
    }

    private void work(CopySessions own) {
        try (own) {
            CopyChunk job = reads.next();
            while (job != null) {
                read(job, own);
                progress.chunksRead.increment();
                loads.arrived(job);
                reads.done();
                job = reads.next();
            }
        } catch (InterruptedException _) {
            throw new WarpException(ErrorCode.INTERRUPTED, "the copy was stopped");
        }
        if (readers.decrementAndGet() == 0 && reads.isOver()) {
            files.complete();
            staged.allRead().run();
        }
    }

    /** Reads a chunk, again after passing failures. */
    private void read(CopyChunk job, CopySessions own) throws InterruptedException {
        while (true) {
            try {
                attempt(job, own);
                attempts.succeeded();
                return;
            } catch (WarpException problem) {
                own.close();
                WarpException explained = CopyFailure.explain(problem, job, request.snapshot());
                if (reads.isClosed() || CopyFailure.needsAnotherRun(problem)) {
                    throw explained;
                }
                reads.pause(attempts.pauseAfter(explained).toMillis());
            }
        }
    }

    private void attempt(CopyChunk job, CopySessions own) {
        request.throttle().passed(0); // Before anything is begun that would be held open.
        TablePair pair = job.table().pair();
        var format = job.table().format();
        List<String> columns =
                pair.columns().stream()
                        .map(ColumnPair::destination)
                        .map(column -> column.name())
                        .toList();
        var header = files.header(job.chunk().table(), job.chunk().number(), format, columns);
        try (ChunkFileWriter file = files.write(header, job.chunk().bytesEstimated())) {
            own.hold(List.of(pair.source()));
            long rows =
                    own.source()
                            .copyOut(
                                    CopyStatements.copyOut(pair, job.chunk().range(), format),
                                    file::write,
                                    passed -> {
                                        progress.readBytes.add(passed);
                                        request.throttle().passed(passed);
                                    });
            file.finish(rows);
        }
    }

    /**
     * A file turned out to be damaged when it was loaded. It is read again where that is possible;
     * else the rest is loaded all the same, and the chunk is lost to this copy.
     */
    void damaged(CopyChunk job, DamagedFile damage) {
        files.remove(job.chunk().table(), job.chunk().number());
        loads.expectAgain(job);
        progress.chunksRead.decrement();
        if (staged.reads() && reads.addAgain(job)) {
            log.warn(
                    "%s: %s; it is read again from the source"
                            .formatted(chunk(job), damage.getMessage()));
        } else {
            loads.forgetExpected();
            lose(job, damage.getMessage());
        }
    }

    private void lose(CopyChunk job, @Nullable String how) {
        lost.incrementAndGet();
        log.warn(
                "%s: %s, and the source's snapshot is gone: it needs another one"
                        .formatted(chunk(job), how));
    }

    private Path name(CopyChunk job) {
        return files.file(job.chunk().table(), job.chunk().number());
    }

    /**
     * To be asked when all is done.
     *
     * @throws WarpException TRANSIENT, of the source, where chunks are lost that only another
     *     snapshot brings
     */
    void requireAll() {
        if (staged.reads() && lost.get() > 0) {
            throw new WarpException(
                            ErrorCode.TRANSIENT,
                            "the files of %d chunks were damaged or missing".formatted(lost.get()))
                    .at(Side.SOURCE);
        }
    }

    private static String chunk(CopyChunk job) {
        return job.chunk().isWholeTable()
                ? job.table().name().toString()
                : "chunk %d of %s".formatted(job.chunk().number(), job.table().name());
    }

    /** Ends it: nobody waits any more. The sessions are the caller's to abort. */
    void halt() {
        reads.close();
        files.halt();
    }
}
