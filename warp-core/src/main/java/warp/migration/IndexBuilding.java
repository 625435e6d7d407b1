package warp.migration;

import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import warp.copy.FollowUp;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.schema.KnownStatistics;
import warp.schema.Restoration;
import warp.schema.Restoration.TableJobs;
import warp.schema.RestoreJob;
import warp.schema.RestoreJob.Resources;
import warp.schema.Statistics.Gathering;
import warp.sql.CopyStatements;

/**
 * Puts a table's indexes and keys back as soon as it is copied, next to the tables that are still
 * being copied. The keys of a table are made by whichever worker builds its last index. Statistics
 * come after that, when the indexes on expressions can have theirs.
 */
final class IndexBuilding implements FollowUp, AutoCloseable {

    private final Connector destination;
    private final Restoration owed;
    private final Resources resources;
    private final CopiedStatistics statistics;
    private final Patience.Attempts attempts;
    private final Progress progress;
    private final EventLog log;
    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    private final Deque<Session> idle = new ConcurrentLinkedDeque<>();

    /** How many tables of the source are still to be copied into one of the destination. */
    private final Map<TableName, AtomicInteger> uncopied = new HashMap<>();

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;

    IndexBuilding(
            Run run,
            Restoration owed,
            List<TablePair> copied,
            Resources resources,
            CopiedStatistics statistics) {
        this.destination = run.ends().destination();
        this.owed = owed;
        this.resources = resources;
        this.statistics = statistics;
        this.attempts = run.patience().attempts();
        this.progress = run.progress();
        this.log = run.log();
        copied.forEach(pair ->
                uncopied.computeIfAbsent(pair.destination().name(), _ -> new AtomicInteger())
                        .incrementAndGet());
        int jobs = uncopied.size() + owed.notValid().size() + owed.validations().size();
        for (TableJobs table : owed.tables()) {
            jobs += table.indexes().size() + table.keys().size();
        }
        progress.indexesAll.set(jobs);
    }

    /**
     * Work comes with the last of the tables whose rows go into the same one. Statistics of those
     * that are owed nothing else are collected by one job.
     */
    @Override
    public List<Runnable> after(List<TablePair> copied) {
        List<Runnable> work = new ArrayList<>();
        List<TableName> bare = new ArrayList<>();
        for (TablePair pair : copied) {
            TableName receiver = pair.destination().name();
            AtomicInteger missing = uncopied.get(receiver);
            boolean complete = missing == null || missing.decrementAndGet() <= 0;
            if (complete && owed.of(receiver).isNone()) {
                bare.add(receiver);
            } else if (complete) {
                work.addAll(afterFilling(receiver));
            }
        }
        if (!bare.isEmpty()) {
            work.add(() -> {
                collectDue(bare);
                progress.indexesDone.add(bare.size());
            });
        }
        return work;
    }

    /** What is to be done with a table of the destination once all of its rows are there. */
    List<Runnable> afterFilling(TableName table) {
        TableJobs jobs = owed.of(table);
        if (jobs.indexes().isEmpty()) {
            return List.of(() -> finish(jobs, table));
        }
        AtomicInteger missing = new AtomicInteger(jobs.indexes().size());
        List<Runnable> work = new ArrayList<>();
        for (RestoreJob index : jobs.indexes()) {
            work.add(() -> {
                if (restore(index) && missing.decrementAndGet() == 0) {
                    finish(jobs, table);
                }
            });
        }
        return work;
    }

    private void finish(TableJobs jobs, TableName table) {
        jobs.keys().forEach(this::restore);
        collectDue(List.of(table));
        progress.indexesDone.increment();
    }

    /** Of large tables the source is asked first what it knows: to look at them takes long. */
    private void collectDue(List<TableName> filled) {
        List<TableName> unknown =
                statistics.due(filled).stream().filter(table -> !takeOver(table)).toList();
        if (!unknown.isEmpty()) {
            collect(Gathering.of(unknown));
        }
    }

    private boolean takeOver(TableName table) {
        Optional<KnownStatistics> known = statistics.known(table);
        if (known.isEmpty()) {
            return false;
        }
        AtomicBoolean taken = new AtomicBoolean();
        try {
            patiently(session -> taken.set(known.get().tell(session)));
        } catch (WarpException problem) {
            if (stopped || !isOfTheObject(problem)) {
                throw problem;
            }
            log.detail(
                    "Statistics of %s are collected anew: %s"
                            .formatted(table, problem.getMessage()));
        }
        if (taken.get()) {
            statistics.done(List.of(table));
            log.detail("Took over the statistics of " + table);
        }
        return taken.get();
    }

    /**
     * Collects statistics. A table that does not let itself be looked at, because of an expression
     * that fails perhaps, is reported: the planner does without.
     *
     * @throws WarpException where the connection was lost or a stop was asked for
     */
    void collect(Gathering gathering) {
        try {
            patiently(gathering::run);
            statistics.done(gathering.tables());
        } catch (WarpException problem) {
            if (stopped || !isOfTheObject(problem)) {
                throw problem;
            }
            if (gathering.tables().size() > 1) {
                gathering.one().forEach(this::collect);
                return;
            }
            statistics.done(gathering.tables());
            log.warn(
                    "Statistics of table %s could not be collected: %s%s"
                            .formatted(
                                    gathering.tables().getFirst(),
                                    problem.getMessage(),
                                    stateOf(problem)),
                    List.of("Once that is put right: " + gathering.statement() + ";"));
        }
    }

    private static String stateOf(WarpException problem) {
        return problem.sqlState().map(" (SQLSTATE %s)"::formatted).orElse("");
    }

    /**
     * Runs one job. One that cannot be done is reported and stays owed; it does not keep the rest
     * from being done.
     *
     * @return whether it is done
     * @throws WarpException where the connection was lost or a stop was asked for
     */
    boolean restore(RestoreJob job) {
        try {
            patiently(session -> job.run(session, resources));
            progress.indexesDone.increment();
            log.detail("Put back " + job.describe());
            return true;
        } catch (WarpException problem) {
            if (stopped || !isOfTheObject(problem)) {
                throw problem;
            }
            log.warn(problem.getMessage() + stateOf(problem), problem.hints());
            inSession(session -> job.noteRefusal(session, problem));
            return false;
        }
    }

    /**
     * Whether the object, not the server, is what cannot be done: also where the server has stopped
     * it again and again, for want of memory perhaps, while it did other things.
     */
    private static boolean isOfTheObject(WarpException problem) {
        return switch (problem.code()) {
            case CONNECTION, LOGIN, READ_ONLY, OUT_OF_SPACE, INTERRUPTED -> false;
            case USAGE,
                    CONFIG,
                    CHECK,
                    REFUSED,
                    TRANSIENT,
                    PRIVILEGE,
                    STATEMENT,
                    MALFORMED,
                    CONFLICT,
                    STATE,
                    FILE ->
                    true;
        };
    }

    /**
     * Does work that may be done twice, as what is settled is not owed any more, again after
     * passing failures: hours of a copy must not be lost with the connection that built an index.
     */
    private void patiently(Work work) {
        try {
            while (true) {
                try {
                    inSession(work);
                    attempts.succeeded();
                    return;
                } catch (WarpException problem) {
                    if (stopped) {
                        throw problem;
                    }
                    ended.await(attempts.pauseAfter(problem).toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new WarpException(ErrorCode.INTERRUPTED, "the building of indexes was stopped");
        }
    }

    private interface Work {
        void run(Session session);
    }

    /**
     * In a session that an earlier job left behind, or a new one: with many tables logins would
     * take the most time.
     */
    private void inSession(Work work) {
        Session left = idle.poll();
        Session session = left == null ? openSession() : left;
        boolean sound = false;
        try {
            work.run(session);
            sound = true;
        } finally {
            if (sound) {
                idle.push(session);
            } else {
                open.remove(session);
                session.close();
            }
        }
    }

    private Session openSession() {
        Session session = destination.open();
        open.add(session);
        if (stopped) {
            session.abort();
        }
        // A crash of the server loses debts that were settled together with what settled them, and
        // the phase that follows is entered by a commit that is flushed, and what is before it.
        session.run(CopyStatements.destinationSettings(false));
        return session;
    }

    @Override
    public void stop() {
        stopped = true;
        ended.countDown();
        try (var cuts = Executors.newVirtualThreadPerTaskExecutor()) {
            open.forEach(session -> cuts.execute(session::abort));
        }
    }

    /** Closes its sessions; no job may run any more. */
    @Override
    public void close() {
        open.forEach(Session::close);
    }
}
