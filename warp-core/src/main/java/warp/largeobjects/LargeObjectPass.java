package warp.largeobjects;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.postgres.CatalogQuery;
import warp.postgres.Connector;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.progress.Patience;
import warp.sql.LargeObjectStatements;
import warp.state.LargeObjectStore;

/**
 * Makes the destination's large objects like the source's. The first copy, what an interrupted one
 * left to do, and what has changed since are one and the same: {@code warp.large_object} knows
 * which objects of the destination are the migration's own and what each was like at the source;
 * what is missing there or differs now is made anew, what the source has no more is dropped.
 *
 * <p>Invariant: an object and its row commit together, so after any crash the rows tell exactly
 * what is there. Objects that have no row belong to somebody else: they stay, unless a person
 * agreed that they make way.
 *
 * <p>All workers see one state of the source. Changes made meanwhile are for the next pass; the one
 * that begins when the source is quiet leaves both sides equal. To be run once; {@link #stop} may
 * come from any thread.
 */
public final class LargeObjectPass {

    private static final CatalogQuery COUNTERS = CatalogQuery.of(LargeObjectPass.class, "counters");

    private final PassRequest request;
    private final Tally tally = new Tally();
    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    public LargeObjectPass(PassRequest request) {
        this.request = request;
    }

    /**
     * What the source tells of its large objects without looking at them.
     *
     * @param counters changes with every write, some seconds later; also without one
     * @param any whether there are any
     * @param readable whether the role sees cheaply which have changed
     */
    public record Glance(String counters, boolean any, boolean readable) {

        /** Looks. */
        public static Glance at(Session source) {
            Row row = COUNTERS.onlyRow(source);
            return new Glance(row.text("counters"), row.flag("found"), row.flag("readable"));
        }
    }

    /**
     * Makes the pass. When it returns or throws, its threads have ended and its sessions are
     * closed.
     *
     * @throws WarpException the first failure of a worker; INTERRUPTED after {@link #stop}
     */
    public Brought run() throws InterruptedException {
        try (Session listing = opened(request.source())) {
            listing.run(LargeObjectStatements.begin(request.snapshot()));
            if (!Glance.at(listing).any() && ownsNothing()) {
                return tally.sum();
            }
            String snapshot =
                    request.snapshot()
                            .orElseGet(() ->
                                    listing.queryOne(LargeObjectStatements.exportSnapshot())
                                            .text("name"));
            Runs runs = new Runs(listing);
            Patience.Attempts attempts = request.patience().attempts();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> workers = new ArrayList<>();
                for (int i = 0; i < request.workers(); i++) {
                    LargeObjectWorker worker =
                            new LargeObjectWorker(request, snapshot, tally, attempts, this::opened);
                    workers.add(threads.submit(() -> work(worker, runs)));
                }
                await(workers);
            }
            return tally.sum();
        } finally {
            open.clear();
        }
    }

    private boolean ownsNothing() {
        try (Session destination = opened(request.destination())) {
            return new LargeObjectStore(destination, request.slot()).isEmpty();
        }
    }

    /** The others have nothing to do any more where one has failed. */
    private Void work(LargeObjectWorker worker, Runs runs) throws InterruptedException {
        try (worker) {
            Runs.Run run = runs.next();
            while (run != null) {
                worker.bring(run, () -> stopped);
                run = runs.next();
            }
        } catch (WarpException problem) {
            stop();
            throw problem;
        }
        return null;
    }

    private static void await(List<Future<?>> workers) throws InterruptedException {
        WarpException first = null;
        for (Future<?> worker : workers) {
            WarpException problem = outcome(worker);
            boolean cause = problem != null && problem.code() != ErrorCode.INTERRUPTED;
            first =
                    first == null || (cause && first.code() == ErrorCode.INTERRUPTED)
                            ? problem
                            : first;
        }
        if (first != null) {
            throw first;
        }
    }

    private static @Nullable WarpException outcome(Future<?> worker) throws InterruptedException {
        try {
            worker.get();
            return null;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof WarpException problem) {
                return problem;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private Session opened(Connector side) {
        if (stopped) {
            throw interrupted();
        }
        Session session = side.open();
        open.add(session);
        if (stopped) {
            session.close();
            throw interrupted();
        }
        return session;
    }

    static WarpException interrupted() {
        return new WarpException(ErrorCode.INTERRUPTED, "stopped while bringing large objects");
    }

    /** Cuts what is under way; does not wait for a server that does not answer. */
    public void stop() {
        stopped = true;
        open.forEach(session -> Thread.ofVirtual().name("large-objects-cut").start(session::abort));
    }
}
