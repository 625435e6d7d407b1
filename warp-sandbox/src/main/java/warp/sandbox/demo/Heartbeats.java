package warp.sandbox.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import warp.sandbox.PostgresServer;
import warp.sandbox.SandboxException;

/**
 * Numbered rows written at the source: that their numbers grow at the destination shows that
 * changes arrive there, and the last one that all have arrived.
 */
final class Heartbeats implements AutoCloseable {

    private final Connection source;
    private final Connection destination;
    private final BooleanSupplier hopeless;
    private long number;

    /**
     * @param hopeless whether waiting makes no sense any more
     */
    Heartbeats(PostgresServer source, PostgresServer destination, BooleanSupplier hopeless)
            throws SQLException {
        this.source = source.connect(Demo.DATABASE);
        this.destination = destination.connect(Demo.DATABASE);
        this.hopeless = hopeless;
    }

    /** Writes the next row at the source. */
    void beat() throws SQLException {
        try (Statement statement = source.createStatement()) {
            number++;
            statement.execute(
                    "INSERT INTO shop.heartbeats VALUES (" + number + ", clock_timestamp())");
        }
    }

    /**
     * Beats until a row arrives that was written after one that the destination had: the copy
     * brings all at once, only replication brings more.
     */
    void awaitReplication(Duration max) throws SQLException {
        long deadline = System.nanoTime() + max.toNanos();
        beat();
        OptionalLong first = arrived();
        OptionalLong last = first;
        while (first.isEmpty() || last.equals(first)) {
            check(deadline, "replicating");
            pause(250);
            beat();
            last = arrived();
            first = first.isEmpty() ? last : first;
        }
    }

    /** Beats four times a second for so long. */
    void beatFor(Duration time) throws SQLException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            check(Long.MAX_VALUE, "stopped");
            pause(250);
            beat();
        }
    }

    /** Writes one more row and waits until the destination has it. */
    void awaitLast(Duration max) throws SQLException {
        long deadline = System.nanoTime() + max.toNanos();
        beat();
        while (arrived().orElse(0) < number) {
            check(deadline, "done");
            pause(20);
        }
    }

    private OptionalLong arrived() throws SQLException {
        try (Statement statement = destination.createStatement();
                ResultSet row = statement.executeQuery("SELECT max(number) FROM shop.heartbeats")) {
            row.next();
            long value = row.getLong(1);
            return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
        }
    }

    private void check(long deadline, String state) {
        if (hopeless.getAsBoolean()) {
            throw new SandboxException("warp ended before it was " + state);
        }
        if (System.nanoTime() > deadline) {
            throw new SandboxException("warp takes too long to be " + state);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted", e);
        }
    }

    @Override
    public void close() throws SQLException {
        try (source) {
            destination.close();
        }
    }
}
