package warp.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;
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
    private static final int FILL_STATEMENTS = 400;

    private final LoadSessions sessions;
    private final long seed;

    private WriteLoad(Builder builder) {
        this.sessions = new LoadSessions(builder.connector);
        this.seed = builder.seed;
        LoadSchema schema = LoadSchema.of(builder.major);
        SplittableRandom root = new SplittableRandom(seed);
        for (int i = 0; i < builder.connections; i++) {
            SplittableRandom random = root.split();
            LoadStatements statements =
                    new LoadStatements(random, schema, ACCOUNTS, builder.truncates, builder.tables);
            sessions.add(
                    builder.pauseMillis, connection -> transaction(connection, statements, random));
        }
        if (builder.reconnects) {
            sessions.reconnect();
        }
        if (builder.huge) {
            sessions.addOnce(WriteLoad::hugeTransaction);
        }
    }

    /**
     * Settings of a load.
     *
     * @param major the major version of the server under load: {@code 9.6} to {@code 18}
     */
    public static Builder builder(String major, long seed, LoadSessions.Connector connector) {
        return new Builder(major, seed, connector);
    }

    /**
     * Creates schema {@code load} with its empty tables.
     *
     * @param sourceMajor the major version of the source, also at the destination: both are to have
     *     the same tables
     */
    public static void createSchema(Connection connection, String sourceMajor) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : LoadSchema.of(sourceMajor).create()) {
                statement.execute(sql);
            }
        }
    }

    /** Puts some hundred rows into the tables, so that there is something to copy. */
    public static void fill(Connection connection, String major, long seed) throws SQLException {
        LoadStatements statements =
                new LoadStatements(
                        new SplittableRandom(seed), LoadSchema.of(major), ACCOUNTS, false, null);
        try (Statement statement = connection.createStatement()) {
            statement.execute(LoadStatements.accounts(ACCOUNTS));
            for (int i = 0; i < FILL_STATEMENTS; i++) {
                try {
                    statement.execute(statements.next());
                } catch (SQLException e) {
                    if (!LoadSessions.isConflict(e)) {
                        throw e;
                    }
                }
            }
        }
    }

    /**
     * Lets every session finish its transaction, a huge one too, and ends them: when it returns,
     * nothing writes any more. Doing it twice does no harm.
     *
     * @throws SandboxException with the first error that is no conflict between transactions
     */
    public void stop() {
        try {
            sessions.stop();
        } catch (SandboxException e) {
            throw new SandboxException("seed " + seed + ": " + e.getMessage(), e);
        }
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
        sessions.awaitCommits(count, max);
    }

    /** Transactions committed so far. */
    public long commits() {
        return sessions.commits();
    }

    /** Transactions rolled back so far, on purpose or after a conflict. */
    public long rollbacks() {
        return sessions.rollbacks();
    }

    /** Rows that committed transactions have inserted, updated or deleted directly. */
    public long rows() {
        return sessions.rows();
    }

    private static long transaction(
            Connection connection, LoadStatements statements, SplittableRandom random)
            throws SQLException {
        long changed = 0;
        int steps = 1 + random.nextInt(8);
        for (int step = 0; step < steps; step++) {
            changed +=
                    random.nextInt(5) > 0
                            ? run(connection, statements.next())
                            : withSavepoints(connection, statements, random);
        }
        if (random.nextInt(8) == 0) {
            connection.rollback();
            return -1;
        }
        connection.commit();
        return changed;
    }

    /** Two statements in nested savepoints, of which none, the inner or both are undone. */
    private static long withSavepoints(
            Connection connection, LoadStatements statements, SplittableRandom random)
            throws SQLException {
        Savepoint outer = connection.setSavepoint();
        long changed = run(connection, statements.next());
        Savepoint inner = connection.setSavepoint();
        long within = run(connection, statements.next());
        if (random.nextBoolean()) {
            connection.rollback(inner);
        } else {
            changed += within;
        }
        if (random.nextInt(3) == 0) {
            connection.rollback(outer);
            return 0;
        }
        connection.releaseSavepoint(outer);
        return changed;
    }

    private static long hugeTransaction(Connection connection) throws SQLException {
        long changed = 0;
        for (String sql : LoadStatements.huge(HUGE_ROWS)) {
            changed += run(connection, sql);
        }
        connection.commit();
        return changed;
    }

    private static long run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /** Collects the settings of a load. For one thread. */
    public static final class Builder {

        private final String major;
        private final long seed;
        private final LoadSessions.Connector connector;
        private int connections = 4;
        private boolean huge;
        private boolean truncates;
        private boolean reconnects;
        private @Nullable RandomTables tables;
        private long pauseMillis;

        private Builder(String major, long seed, LoadSessions.Connector connector) {
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

        /** Writes to these tables as well, which must be there; to none if not said. */
        public Builder tables(RandomTables random) {
            tables = random;
            return this;
        }

        /** Goes on when the server is back after it went away; not so if not said. */
        public Builder reconnects(boolean wanted) {
            reconnects = wanted;
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
            load.sessions.start();
            return load;
        }
    }
}
