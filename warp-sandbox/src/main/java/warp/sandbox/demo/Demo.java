package warp.sandbox.demo;

import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import warp.sandbox.Comparison;
import warp.sandbox.DatabaseContent;
import warp.sandbox.LoadSessions;
import warp.sandbox.PostgresServer;
import warp.sandbox.SandboxException;

/**
 * The demo from the first server's start to the last one's stop. One instance, one run.
 *
 * @param command the program {@code warp}
 * @param customers size of the shop; 40,000 make about 700,000 rows
 * @param open how long the shop goes on once changes arrive at the destination
 * @param out where the demo speaks
 * @param warpOutput where {@code warp} speaks
 */
record Demo(
        DemoOptions options,
        String command,
        int customers,
        Duration open,
        PrintStream out,
        Redirect warpOutput) {

    static final String DATABASE = "shop";

    static final int EQUAL = 0;
    static final int DIFFERENT = 4;
    static final int DEFECT = 70;

    /** What a program ends with that SIGTERM has stopped. */
    private static final int TERMINATED = 143;

    private static final int SESSIONS = 4;
    private static final int PAUSE_MILLIS = 4;
    private static final Duration COPY_MAX = Duration.ofMinutes(3);
    private static final Duration DRAIN_MAX = Duration.ofMinutes(1);
    private static final int STOP_SECONDS_MAX = 30;

    /** What happened while Warp worked. */
    private record Move(long transactions, long rows, long catchUpMillis, int exitCode) {}

    /**
     * Runs it all.
     *
     * @return 0 when both databases are equal at the end, 4 when they are not, 70 when Warp did
     *     something else than it should
     * @throws SandboxException when a server or Warp fails
     */
    int run() throws SQLException {
        say(
                "Warp demo: a shop that stays open moves from PostgreSQL %s to %s."
                        .formatted(options.sourceVersion(), options.destinationVersion()));
        long start = System.nanoTime();
        CompletableFuture<PostgresServer> starting =
                CompletableFuture.supplyAsync(() -> PostgresServer.start(options.sourceVersion()));
        try (PostgresServer destination = PostgresServer.start(options.destinationVersion());
                PostgresServer source = started(starting)) {
            say(
                    "Two servers started in %.1f s: source on port %d, destination on port %d."
                            .formatted(secondsSince(start), source.port(), destination.port()));
            fill(source, destination);
            int code = move(source, destination);
            if (options.keep()) {
                keep(source, destination);
            }
            return code;
        }
    }

    private void fill(PostgresServer source, PostgresServer destination) throws SQLException {
        long start = System.nanoTime();
        source.createDatabase(DATABASE);
        destination.createDatabase(DATABASE);
        try (Connection connection = destination.connect(DATABASE)) {
            Shop.createEmpty(connection);
        }
        try (Connection connection = source.connect(DATABASE)) {
            new Shop(customers).createFilled(connection);
            say(
                    ("The shop has %s in 7 tables (filled in %.1f s); the destination only has the"
                                    + " empty tables.")
                            .formatted(size(connection), secondsSince(start)));
        }
    }

    private int move(PostgresServer source, PostgresServer destination) throws SQLException {
        Move move = runWarp(source, destination);
        long start = System.nanoTime();
        Comparison comparison = compare(source, destination);
        say(
                "Compared every column of every row in %.1f s: %d tables, %,d rows."
                        .formatted(secondsSince(start), comparison.tables(), comparison.rows()));
        comparison.differences().forEach(line -> say("    " + line));
        boolean cleaned = clean(source, destination);
        say(
                ("While Warp worked, the shop committed %,d transactions (%,d rows); the last was"
                                + " at the destination %d ms later.")
                        .formatted(move.transactions(), move.rows(), move.catchUpMillis()));
        if (!comparison.isEqual()) {
            say("Result: source and destination DIFFER.");
            return DIFFERENT;
        }
        say("Result: source and destination are EQUAL.");
        if (move.exitCode() != TERMINATED || !cleaned) {
            say("But Warp did not end as it should; please report that.");
            return DEFECT;
        }
        return EQUAL;
    }

    private Move runWarp(PostgresServer source, PostgresServer destination) throws SQLException {
        LoadSessions load = new LoadSessions(() -> source.connect(DATABASE));
        SplittableRandom random = new SplittableRandom(options.seed());
        for (int i = 0; i < SESSIONS; i++) {
            load.add(PAUSE_MILLIS, new ShopVisitors(new Shop(customers), random.split())::visit);
        }
        load.start();
        try (load) {
            say(
                    "The shop is open: %d sessions order, pay, ship and cancel. Now Warp moves it:"
                            .formatted(SESSIONS));
            out.println();
            long start = System.nanoTime();
            try (WarpProcess warp = WarpProcess.start(command, warpOutput, source, destination);
                    Heartbeats heartbeats = new Heartbeats(source, destination, warp::hasEnded)) {
                heartbeats.awaitReplication(COPY_MAX);
                say(
                        ("Changes arrive at the destination, %.1f s after Warp's start. The shop"
                                        + " stays open for another %d s.")
                                .formatted(secondsSince(start), open.toSeconds()));
                heartbeats.beatFor(open);
                load.stop();
                long closed = System.nanoTime();
                heartbeats.awaitLast(DRAIN_MAX);
                long catchUp = (System.nanoTime() - closed) / 1_000_000;
                say("The shop is closed and the destination has its last row. Stopping Warp:");
                warp.terminate();
                int code = warp.exitCode(STOP_SECONDS_MAX);
                out.println();
                say("Warp ended with exit code %d (%d is expected).".formatted(code, TERMINATED));
                return new Move(load.commits(), load.rows(), catchUp, code);
            }
        }
    }

    private static Comparison compare(PostgresServer source, PostgresServer destination)
            throws SQLException {
        try (Connection left = source.connect(DATABASE);
                Connection right = destination.connect(DATABASE)) {
            return DatabaseContent.compare(left, right);
        }
    }

    private boolean clean(PostgresServer source, PostgresServer destination) {
        say("Removing the slot and everything else that Warp made:");
        out.println();
        try (WarpProcess warp =
                WarpProcess.start(command, warpOutput, source, destination, "--clean")) {
            int code = warp.exitCode(STOP_SECONDS_MAX);
            out.println();
            if (code != 0) {
                say("Cleaning ended with exit code %d, not 0.".formatted(code));
            }
            return code == 0;
        }
    }

    private void keep(PostgresServer source, PostgresServer destination) {
        say("Both servers stay up until you press Ctrl-C:");
        say("    source:      %s".formatted(source.uri(DATABASE)));
        say("    destination: %s".formatted(destination.uri(DATABASE)));
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted", e);
        }
    }

    private static PostgresServer started(CompletableFuture<PostgresServer> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SandboxException problem) {
                throw problem;
            }
            throw e;
        }
    }

    private static String size(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT sum(c.reltuples)::bigint,
                                       pg_size_pretty(pg_database_size(current_database()))
                                FROM pg_class c WHERE c.relkind = 'r'
                                  AND c.relnamespace = 'shop'::regnamespace
                                """)) {
            row.next();
            return "%,d rows, %s,".formatted(row.getLong(1), row.getString(2));
        }
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }

    private void say(String line) {
        out.println("demo: " + line);
        out.flush();
    }
}
