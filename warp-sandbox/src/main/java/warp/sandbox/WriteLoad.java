package warp.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A random load of concurrent transactions on the tables of schema {@code load}: begins and commits
 * interleave; rollbacks, savepoints, statements of many rows, changed keys, NULLs, wide values left
 * as they are, conflicts. The seed fixes every session's statements; which rows they meet depends
 * on how the sessions are scheduled.
 *
 * <p>Start it, let it run (see {@link #awaitCommits}), stop it. One instance, one run.
 */
public final class WriteLoad implements AutoCloseable {

    private static final int HUGE_ROWS = 100_000;
    private static final int ACCOUNTS = 400;

    /**
     * Conflicts that a load of this kind must expect: serialisation, deadlock, a key in use, a
     * parent row that is gone, a value out of range.
     */
    private static final Set<String> EXPECTED =
            Set.of("40001", "40P01", "23505", "23503", "22003", "55P03");

    /** Opens one more session to the database under load. */
    @FunctionalInterface
    public interface Connector {
        Connection open() throws SQLException;
    }

    private final Connector connector;
    private final LoadSchema schema;
    private final long seed;
    private final boolean huge;
    private final boolean truncates;
    private final long pauseMillis;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong rollbacks = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();

    private WriteLoad(Builder builder) {
        this.connector = builder.connector;
        this.schema = LoadSchema.of(builder.major);
        this.seed = builder.seed;
        this.huge = builder.huge;
        this.truncates = builder.truncates;
        this.pauseMillis = builder.pauseMillis;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 1; i <= builder.connections; i++) {
            SplittableRandom own = random.split();
            threads.add(Thread.ofVirtual().name("load-" + i).unstarted(() -> session(own)));
        }
        if (huge) {
            SplittableRandom own = random.split();
            threads.add(Thread.ofVirtual().name("load-huge").unstarted(() -> hugeSession(own)));
        }
    }

    /**
     * Settings of a load.
     *
     * @param major the major version of the server under load: {@code 9.6} to {@code 18}
     */
    public static Builder builder(String major, long seed, Connector connector) {
        return new Builder(major, seed, connector);
    }

    /**
     * Creates schema {@code load} with its empty tables.
     *
     * @param sourceMajor the major version of the source, also at the destination: both are to have
     *     the same tables
     */
    public static void createSchema(Connection connection, String sourceMajor) throws SQLException {
        execute(connection, LoadSchema.of(sourceMajor).create());
    }

    /** Puts some hundred rows into each table, so that there is something to copy. */
    public static void fill(Connection connection, String major, long seed) throws SQLException {
        SplittableRandom random = new SplittableRandom(seed);
        LoadStatements statements =
                new LoadStatements(random, LoadSchema.of(major), ACCOUNTS, false);
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "INSERT INTO load.account (name) SELECT 'account ' || i FROM"
                                        + " generate_series(1, "
                                        + ACCOUNTS
                                        + ") i"));
        for (int i = 0; i < 400; i++) {
            all.add(statements.next());
        }
        for (String sql : all) {
            try {
                execute(connection, List.of(sql));
            } catch (SQLException e) {
                if (!isExpected(e)) {
                    throw e;
                }
            }
        }
    }

    /** Ends the load and waits for its sessions; see {@link #stop}. Does nothing after a stop. */
    @Override
    public void close() {
        stop();
    }

    /**
     * Lets every session finish its transaction and ends them. When it returns, nothing writes any
     * more. A huge transaction that has begun is finished too.
     *
     * @throws SandboxException with the first error that is no conflict between transactions
     */
    public void stop() {
        stopping.countDown();
        for (Thread thread : threads) {
            join(thread);
        }
        rethrow();
    }

    /**
     * Waits until so many transactions have been committed since the start.
     *
     * @throws SandboxException when that takes longer, or the load has failed
     */
    public void awaitCommits(long count, Duration max) {
        long deadline = System.nanoTime() + max.toNanos();
        while (commits.get() < count) {
            rethrow();
            if (System.nanoTime() > deadline) {
                throw new SandboxException(
                        "only %d of %d commits in %s (seed %d)"
                                .formatted(commits.get(), count, max, seed));
            }
            pause(5);
        }
    }

    /** Transactions committed so far. */
    public long commits() {
        return commits.get();
    }

    /** Transactions rolled back so far, on purpose or after a conflict. */
    public long rollbacks() {
        return rollbacks.get();
    }

    /** Rows that committed transactions have inserted, updated or deleted directly. */
    public long rows() {
        return rows.get();
    }

    private void session(SplittableRandom random) {
        guarded(connection -> {
            LoadStatements statements = new LoadStatements(random, schema, ACCOUNTS, truncates);
            while (stopping.getCount() > 0) {
                attempt(connection, () -> transaction(connection, statements, random));
                if (pauseMillis > 0) {
                    pause(pauseMillis);
                }
            }
        });
    }

    private void hugeSession(SplittableRandom random) {
        guarded(connection -> {
            LoadStatements statements = new LoadStatements(random, schema, ACCOUNTS, false);
            attempt(
                    connection,
                    () -> {
                        long changed = 0;
                        for (String sql : statements.huge(HUGE_ROWS)) {
                            changed += run(connection, sql);
                        }
                        connection.commit();
                        commits.incrementAndGet();
                        rows.addAndGet(changed);
                    });
        });
    }

    private void transaction(
            Connection connection, LoadStatements statements, SplittableRandom random)
            throws SQLException {
        long changed = 0;
        int steps = 1 + random.nextInt(8);
        for (int step = 0; step < steps; step++) {
            if (random.nextInt(5) > 0) {
                changed += run(connection, statements.next());
                continue;
            }
            Savepoint outer = connection.setSavepoint();
            long within = run(connection, statements.next());
            Savepoint inner = connection.setSavepoint();
            long deep = run(connection, statements.next());
            if (random.nextBoolean()) {
                connection.rollback(inner);
                deep = 0;
            }
            if (random.nextInt(3) == 0) {
                connection.rollback(outer);
            } else {
                connection.releaseSavepoint(outer);
                changed += within + deep;
            }
        }
        if (random.nextInt(8) == 0) {
            connection.rollback();
            rollbacks.incrementAndGet();
        } else {
            connection.commit();
            commits.incrementAndGet();
            rows.addAndGet(changed);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    @FunctionalInterface
    private interface Session {
        void run(Connection connection) throws SQLException;
    }

    /** Runs a transaction; a conflict rolls it back. */
    private void attempt(Connection connection, Work work) throws SQLException {
        try {
            work.run();
        } catch (SQLException e) {
            if (!isExpected(e)) {
                throw e;
            }
            connection.rollback();
            rollbacks.incrementAndGet();
        }
    }

    /** Opens a session and keeps the first error of all sessions, which also ends the others. */
    private void guarded(Session session) {
        try (Connection connection = connector.open()) {
            connection.setAutoCommit(false);
            session.run(connection);
        } catch (SQLException | RuntimeException e) {
            failure.compareAndSet(null, e);
            stopping.countDown();
        }
    }

    private void rethrow() {
        Exception problem = failure.get();
        if (problem != null) {
            throw new SandboxException("the write load failed (seed " + seed + ")", problem);
        }
    }

    /** Waits a moment, or until the load is to stop. */
    private void pause(long millis) {
        try {
            boolean _ = stopping.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted", e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted while a load ends", e);
        }
    }

    private static boolean isExpected(SQLException e) {
        return e.getSQLState() != null && EXPECTED.contains(e.getSQLState());
    }

    private static long run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static void execute(Connection connection, List<String> statements)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Collects the settings of a load. For one thread. */
    public static final class Builder {

        private final String major;
        private final long seed;
        private final Connector connector;
        private int connections = 4;
        private boolean huge;
        private boolean truncates;
        private long pauseMillis;

        private Builder(String major, long seed, Connector connector) {
            this.major = major;
            this.seed = seed;
            this.connector = connector;
        }

        /** How many sessions write at once, 1 to 50; 4 if not said. */
        public Builder connections(int count) {
            if (count < 1 || count > 50) {
                throw new IllegalArgumentException("1 to 50 connections, not " + count);
            }
            connections = count;
            return this;
        }

        /** One transaction of 100,000 row changes beside the others; off if not said. */
        public Builder hugeTransaction(boolean wanted) {
            huge = wanted;
            return this;
        }

        /** TRUNCATE now and then, where the version can replicate it; off if not said. */
        public Builder truncates(boolean wanted) {
            truncates = wanted;
            return this;
        }

        /** How long each session rests after a transaction; not at all if not said. */
        public Builder pauseMillis(long millis) {
            pauseMillis = millis;
            return this;
        }

        /** Starts the sessions. The schema must be there. */
        public WriteLoad start() {
            WriteLoad load = new WriteLoad(this);
            load.threads.forEach(Thread::start);
            return load;
        }
    }
}
