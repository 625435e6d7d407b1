package warp.postgres;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.ServerVersion;
import warp.model.Side;
import warp.postgres.wire.Vigil;
import warp.sql.ConcealedStatements;
import warp.sql.Identifiers;

/**
 * An ordinary session for catalogs, DDL and state, with Warp's settings in force (see {@link
 * Connector}). For any number of threads: what they ask takes turns, and a {@link #transaction}
 * keeps the session until it ends. Every failure is a {@link warp.error.WarpException} that names
 * the side.
 *
 * <p>Outside {@link #transaction} each statement commits by itself.
 */
public final class Session implements AutoCloseable {

    /**
     * Within a region answers take a millisecond or two, and bytes are cheap; between regions, and
     * on the way to a cloud, they take longer.
     */
    private static final long FAR_NANOS = 5_000_000;

    /** One answer may be late for other reasons. */
    private static final int LOOKS = 3;

    private final Side side;
    private final Connection connection;
    private final ServerVersion version;
    private final Vigil vigil;
    private final Connector origin;
    private final int announced;
    private final int process;
    private final Set<String> lasting = new HashSet<>();
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable Together together;
    private @Nullable Boolean far;

    /**
     * @param announced the server's process, by what answered the login
     * @param process the same, by the server itself
     */
    Session(
            Connector origin,
            Connection connection,
            ServerVersion version,
            Vigil vigil,
            int announced,
            int process) {
        this.origin = origin;
        this.side = origin.side();
        this.connection = connection;
        this.version = version;
        this.vigil = vigil;
        this.announced = announced;
        this.process = process;
    }

    /** What opened it. */
    Connector origin() {
        return origin;
    }

    /** The number of the server's process that answered the login, by its own account. */
    int announcedProcess() {
        return announced;
    }

    /** The same as the server told it after the login. */
    int process() {
        return process;
    }

    public Side side() {
        return side;
    }

    public ServerVersion version() {
        return version;
    }

    /**
     * A setting that the server reports unasked ("Asynchronous Operations" of the protocol), as it
     * stands now; empty for any other.
     */
    public Optional<String> reported(String setting) {
        try {
            return Optional.ofNullable(
                    connection.unwrap(PGConnection.class).getParameterStatus(setting));
        } catch (SQLException impossible) {
            throw new IllegalStateException("every connection is pgjdbc's", impossible);
        }
    }

    /**
     * Whether the server is so far away that the link is what one waits for: none of three answers
     * that cost it nothing comes within {@link #FAR_NANOS}. Looks when it is first asked.
     */
    public boolean isFar() {
        return inTurn(() -> {
            if (far == null) {
                far = IntStream.range(0, LOOKS).allMatch(_ -> answerNanos() >= FAR_NANOS);
            }
            return far;
        });
    }

    private long answerNanos() {
        long start = System.nanoTime();
        queryOne("SELECT 1 AS one");
        return System.nanoTime() - start;
    }

    /**
     * The rows of a query.
     *
     * @param arguments for {@code ?}: texts, numbers, booleans, bytes, LSNs (as pg_lsn), lists of
     *     texts (as text[]) and arrays of bytes (as bytea[])
     */
    public List<Row> query(String sql, @Nullable Object... arguments) {
        return queryEach(row -> row, sql, arguments);
    }

    /**
     * What {@code reader} makes of each row of a query; a row may be dropped as soon as it is read.
     */
    public <T> List<T> queryEach(
            Function<Row, T> reader, String sql, @Nullable Object... arguments) {
        return asked(() -> {
            requireApart();
            try (PreparedStatement statement = prepare(sql, arguments);
                    ResultSet result = watched(statement::executeQuery)) {
                return read(result, reader);
            }
        });
    }

    private static <T> List<T> read(ResultSet result, Function<Row, T> reader) throws SQLException {
        List<T> read = new ArrayList<>();
        while (result.next()) {
            read.add(reader.apply(Row.read(result)));
        }
        return read;
    }

    /**
     * The rows of several queries, in the same order, for one round trip. Outside of a transaction
     * they are one: where the server refuses any of them, none is answered.
     *
     * @param questions at least one; each gives rows, though it may be none
     */
    public List<List<Row>> answers(Question... questions) {
        String all =
                Arrays.stream(questions).map(Question::sql).collect(Collectors.joining("\n;\n"));
        Object[] arguments =
                Arrays.stream(questions).flatMap(it -> it.arguments().stream()).toArray();
        return asked(() -> {
            requireApart();
            try (PreparedStatement statement = prepare(all, arguments)) {
                watched(statement::execute);
                List<List<Row>> answers = new ArrayList<>();
                for (Question _ : questions) {
                    try (ResultSet result = statement.getResultSet()) {
                        answers.add(read(result, row -> row));
                    }
                    statement.getMoreResults();
                }
                return answers;
            }
        });
    }

    /** The first row of a query, if there is one. */
    public Optional<Row> queryFirst(String sql, @Nullable Object... arguments) {
        return query(sql, arguments).stream().findFirst();
    }

    /** The only row of a query that always has one, such as {@code SELECT count(*)}. */
    public Row queryOne(String sql, @Nullable Object... arguments) {
        return queryFirst(sql, arguments)
                .orElseThrow(() -> new IllegalStateException("no row from: " + sql));
    }

    /**
     * Runs a statement that gives no rows; tells how many it affected, but 0 within {@link
     * #together}.
     */
    public int execute(String sql, @Nullable Object... arguments) {
        return asked(() -> {
            if (together != null) {
                together.add(sql, arguments);
                return 0;
            }
            try (PreparedStatement statement = prepare(sql, arguments)) {
                return watched(statement::execute) ? 0 : statement.getUpdateCount();
            }
        });
    }

    /**
     * Runs statements that take the same arguments, all or none of them, for one round trip.
     *
     * @param statements at least one
     */
    public void executeAll(List<String> statements, @Nullable Object... arguments) {
        Object[] all =
                statements.stream().flatMap(_ -> Arrays.stream(arguments)).toArray(Object[]::new);
        execute(String.join("; ", statements), all);
    }

    /**
     * Sends what {@code work} executes when it ends, all or none of it, for one round trip: for
     * statements of which nobody needs to know what they affected. It must not ask for rows. Not
     * nested.
     */
    public void together(Runnable work) {
        inTurn(() -> {
            sendTogether(work);
            return true;
        });
    }

    private void sendTogether(Runnable work) {
        Together statements = new Together();
        together = statements;
        try {
            work.run();
        } finally {
            together = null;
        }
        if (!statements.texts.isEmpty()) {
            FaultPoint.TRANSACTION.before();
            execute(String.join("; ", statements.texts), statements.arguments.toArray());
            FaultPoint.TRANSACTION.after();
        }
    }

    private void requireApart() {
        if (together != null) {
            throw new IllegalStateException("what goes together is sent at the end");
        }
    }

    private static final class Together {
        private final List<String> texts = new ArrayList<>();
        private final List<@Nullable Object> arguments = new ArrayList<>();

        void add(String sql, @Nullable Object... its) {
            texts.add(sql);
            arguments.addAll(Arrays.asList(its));
        }
    }

    /**
     * Whether there is a relation of this name. One that was there once is not asked for again: for
     * what stays as long as the session, or until {@link #forgetLasting}.
     *
     * @param name with its schema, quoted where it must be
     */
    public boolean hasLasting(String name) {
        return inTurn(() -> lasting.contains(name) || isThere(name));
    }

    private boolean isThere(String name) {
        boolean found =
                queryOne(
                                "SELECT pg_catalog.to_regclass(%s) IS NOT NULL AS found"
                                        .formatted(Identifiers.literal(name)))
                        .flag("found");
        if (found) {
            lasting.add(name);
        }
        return found;
    }

    /** There is such a relation: who asks {@link #hasLasting} need not ask the server. */
    public void noteLasting(String name) {
        inTurn(() -> lasting.add(name));
    }

    /** What {@link #hasLasting} has seen may be gone. */
    public void forgetLasting() {
        inTurn(() -> {
            lasting.clear();
            return true;
        });
    }

    /**
     * Runs a text of one or more statements without arguments, all or none of them, for one round
     * trip: question marks are not special.
     */
    public void run(String sql) {
        asked(() -> {
            requireApart();
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                return watched(() -> statement.execute(sql));
            }
        });
    }

    /**
     * Runs a statement that must be read neither in the server's log nor in its statistics; see
     * {@link ConcealedStatements}. Within {@link #transaction}, whose end takes away what a refusal
     * leaves behind.
     */
    public void runConcealed(String sql) {
        run(ConcealedStatements.PREPARE);
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            ConcealedStatements.COPY,
                            new StringReader(ConcealedStatements.row(sql)));
        } catch (SQLException problem) {
            throw ServerErrors.from(side, problem);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        run(ConcealedStatements.EXECUTE);
        run(ConcealedStatements.FORGET);
    }

    /**
     * All or nothing: commits what {@code work} did, or rolls it back where it throws. Not nested.
     */
    public <T> T transaction(Supplier<T> work) {
        return asked(() -> whole(work));
    }

    private <T> T whole(Supplier<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.get();
            FaultPoint.TRANSACTION.before();
            watched(() -> {
                connection.commit();
                return true;
            });
            FaultPoint.TRANSACTION.after();
            return result;
        } catch (RuntimeException problem) {
            rollback(problem);
            throw problem;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** As {@link #transaction(Supplier)}, without a result. */
    public void transaction(Runnable work) {
        transaction(() -> {
            work.run();
            return true;
        });
    }

    private void rollback(RuntimeException reason) {
        try {
            watched(() -> {
                connection.rollback();
                return true;
            });
        } catch (SQLException problem) {
            reason.addSuppressed(problem);
        }
    }

    @FunctionalInterface
    private interface Exchange<T> {
        T run() throws SQLException;
    }

    /** Has the session to itself. */
    private <T> T inTurn(Supplier<T> work) {
        turn.lock();
        try {
            return work.get();
        } finally {
            turn.unlock();
        }
    }

    private <T> T asked(Exchange<T> exchange) {
        return inTurn(() -> {
            try {
                return exchange.run();
            } catch (SQLException problem) {
                throw failure(problem);
            }
        });
    }

    /** Waits for the server, under the vigil's eyes. */
    private <T> T watched(Exchange<T> exchange) throws SQLException {
        vigil.reads();
        try {
            return exchange.run();
        } finally {
            vigil.read();
        }
    }

    private WarpException failure(SQLException problem) {
        String verdict = vigil.verdict();
        return verdict == null
                ? ServerErrors.from(side, problem)
                : ServerErrors.silent(side, verdict, problem);
    }

    private PreparedStatement prepare(String sql, @Nullable Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument instanceof List<?> list) {
                statement.setArray(i + 1, connection.createArrayOf("text", list.toArray()));
            } else if (argument instanceof byte[][] contents) {
                statement.setArray(i + 1, connection.createArrayOf("bytea", contents));
            } else if (argument instanceof Lsn lsn) {
                statement.setObject(i + 1, lsn.toString(), java.sql.Types.OTHER);
            } else {
                statement.setObject(i + 1, argument);
            }
        }
        return statement;
    }

    /** Whether the connection still answers, waiting at most five seconds. */
    public boolean isAlive() {
        try {
            return connection.isValid(5);
        } catch (SQLException problem) {
            return false;
        }
    }

    /**
     * Cuts the connection; a statement under way fails. It is cancelled first, since a server that
     * builds an index or waits for a lock does not look at its socket. From any thread; may take
     * seconds where the server does not answer.
     */
    public void abort() {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException ignored) {
            // A statement that has ended meanwhile needs no cancelling.
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException ignored) {
            // It is gone already, which is what was wanted.
        }
    }

    @Override
    public void close() {
        vigil.close();
        try {
            connection.close();
        } catch (SQLException ignored) {
            // Nothing can be done about a connection that does not even close.
        }
    }
}
