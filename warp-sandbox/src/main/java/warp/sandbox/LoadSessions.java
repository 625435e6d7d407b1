package warp.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that write to a database side by side, a virtual thread each, until they are stopped. A
 * transaction that meets a conflict is rolled back and counted; any other error ends all sessions
 * and is thrown by {@link #stop}. First added to, then started once, then stopped.
 */
public final class LoadSessions implements AutoCloseable {

    /**
     * Conflicts that concurrent writers must expect: serialisation, deadlock, a key in use, a
     * parent row that is gone, a value out of range, a lock that is taken, a failed check.
     */
    private static final Set<String> EXPECTED =
            Set.of("40001", "40P01", "23505", "23503", "22003", "55P03", "23514");

    private static final long RECONNECT_MILLIS = 50;

    /** Opens one more session to the database under load. */
    @FunctionalInterface
    public interface Connector {
        Connection open() throws SQLException;
    }

    /** One transaction; autocommit is off. */
    @FunctionalInterface
    public interface Transaction {
        /**
         * Writes, and commits or rolls back.
         *
         * @return how many rows it changed; below 0 when it rolled back
         */
        long run(Connection connection) throws SQLException;
    }

    private final Connector connector;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong rollbacks = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private boolean reconnecting;

    public LoadSessions(Connector connector) {
        this.connector = connector;
    }

    /**
     * From now on the loss of a connection is no error: the session is opened again until the
     * server is back, as an application would do it.
     */
    public void reconnect() {
        reconnecting = true;
    }

    /**
     * Adds a session that runs transactions, one after the other, until the stop.
     *
     * @param pauseMillis how long it rests after each; 0 for not at all
     */
    public void add(long pauseMillis, Transaction transaction) {
        session(connection -> {
            while (stopping.getCount() > 0) {
                attempt(connection, transaction);
                if (pauseMillis > 0) {
                    pause(pauseMillis);
                }
            }
        });
    }

    /** Adds a session that runs one transaction and ends. */
    public void addOnce(Transaction transaction) {
        session(connection -> attempt(connection, transaction));
    }

    /** Starts what has been added. */
    public void start() {
        threads.forEach(Thread::start);
    }

    /**
     * Lets every session finish its transaction and ends them: when it returns, none writes any
     * more.
     *
     * @throws SandboxException with the first error that is no conflict
     */
    public void stop() {
        stopping.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SandboxException("interrupted while a load ends", e);
            }
        }
        rethrow();
    }

    /** As {@link #stop}. */
    @Override
    public void close() {
        stop();
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
                        "only %d of %d commits in %s".formatted(commits.get(), count, max));
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

    @FunctionalInterface
    private interface Session {
        void run(Connection connection) throws SQLException;
    }

    /** Adds a session; the first error of all is kept and ends the others too. */
    private void session(Session session) {
        threads.add(
                Thread.ofVirtual()
                        .name("load-" + (threads.size() + 1))
                        .unstarted(() -> {
                            try {
                                keepUp(session);
                            } catch (SQLException | RuntimeException e) {
                                failure.compareAndSet(null, e);
                                stopping.countDown();
                            }
                        }));
    }

    private void keepUp(Session session) throws SQLException {
        while (true) {
            try (Connection connection = connector.open()) {
                connection.setAutoCommit(false);
                session.run(connection);
                return;
            } catch (SQLException e) {
                if (!reconnecting || !isLost(e)) {
                    throw e;
                }
                if (stopping.getCount() == 0) {
                    return;
                }
                pause(RECONNECT_MILLIS);
            }
        }
    }

    private void attempt(Connection connection, Transaction transaction) throws SQLException {
        try {
            long changed = transaction.run(connection);
            if (changed >= 0) {
                commits.incrementAndGet();
                rows.addAndGet(changed);
                return;
            }
        } catch (SQLException e) {
            if (!isConflict(e)) {
                throw e;
            }
            connection.rollback();
        }
        rollbacks.incrementAndGet();
    }

    private void rethrow() {
        Exception problem = failure.get();
        if (problem != null) {
            throw new SandboxException("the load failed: " + problem.getMessage(), problem);
        }
    }

    /** Waits a moment, or until the stop. */
    private void pause(long millis) {
        try {
            boolean _ = stopping.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted", e);
        }
    }

    /** A connection that broke, or a server that stops, starts or recovers. */
    private static boolean isLost(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    static boolean isConflict(SQLException e) {
        return e.getSQLState() != null && EXPECTED.contains(e.getSQLState());
    }
}
