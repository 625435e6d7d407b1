package warp.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import warp.sandbox.PostgresServer;

/**
 * How long a committed row takes to be seen at the other side: a row is committed at the source
 * every 20 ms, and the destination is asked every 5 ms which is the last one there. What is found
 * is too long by up to that and a query. For the thread that closes it.
 */
final class Probe implements AutoCloseable {

    static final String TABLE = "CREATE TABLE probe (id bigint PRIMARY KEY, at timestamptz)";

    private static final long WRITE_NANOS = 20_000_000;
    private static final long ASK_NANOS = 5_000_000;

    private final ConcurrentHashMap<Long, Long> committed = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Long> seen = new ConcurrentHashMap<>();
    private final Thread writer;
    private final Thread asker;
    private volatile boolean writing = true;
    private volatile boolean asking = true;
    private volatile long from;
    private volatile @Nullable Exception problem;

    Probe(
            PostgresServer source,
            String sourceDatabase,
            PostgresServer destination,
            String database) {
        writer =
                Thread.ofPlatform().name("probe writes").start(() -> write(source, sourceDatabase));
        asker = Thread.ofPlatform().name("probe asks").start(() -> ask(destination, database));
    }

    private void write(PostgresServer source, String database) {
        try (Connection connection = source.connect(database);
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO probe VALUES (?, now())")) {
            long next = System.nanoTime();
            for (long id = 1; writing; id++) {
                insert.setLong(1, id);
                insert.execute();
                committed.put(id, System.nanoTime());
                next += WRITE_NANOS;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (SQLException e) {
            problem = e;
        }
    }

    private void ask(PostgresServer destination, String database) {
        try (Connection connection = destination.connect(database);
                PreparedStatement query =
                        connection.prepareStatement("SELECT coalesce(max(id), 0) FROM probe")) {
            long last = 0;
            while (asking) {
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    long found = row.getLong(1);
                    long now = System.nanoTime();
                    while (last < found) {
                        seen.put(++last, now);
                    }
                }
                LockSupport.parkNanos(ASK_NANOS);
            }
        } catch (SQLException e) {
            problem = e;
        }
    }

    /** What was committed before is left out. */
    void begin() {
        from = committed.size();
    }

    /** Whether anything has come through yet. */
    boolean hasArrived() {
        return !seen.isEmpty();
    }

    void endWriting() {
        writing = false;
        join(writer);
    }

    /** Writes no more, and waits until the last row is seen. */
    void end(long secondsMax) {
        endWriting();
        long deadline = System.nanoTime() + secondsMax * 1_000_000_000;
        while (seen.size() < committed.size() && System.nanoTime() < deadline) {
            requireNoProblem();
            LockSupport.parkNanos(ASK_NANOS);
        }
        asking = false;
        join(asker);
        requireNoProblem();
    }

    private void requireNoProblem() {
        @Nullable Exception found = problem;
        if (found != null) {
            throw new BenchException("the probe failed: " + found.getMessage(), found);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while measuring", e);
        }
    }

    /** In seconds, ascending; endless for what never came. */
    List<Double> delays() {
        List<Double> delays = new ArrayList<>();
        committed.forEach((id, at) -> {
            if (id > from) {
                @Nullable Long then = seen.get(id);
                delays.add(then == null ? Double.POSITIVE_INFINITY : Math.max(0, then - at) / 1e9);
            }
        });
        return delays.stream().sorted().toList();
    }

    @Override
    public void close() {
        writing = false;
        asking = false;
        join(writer);
        join(asker);
    }
}
