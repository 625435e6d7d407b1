package warp.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Tables whose rows never rest: inserted, deleted and inserted again, moved between pages and to
 * other keys, in transactions that overlap, with savepoints of which some are undone. Some rows
 * have values out of line; one table refers to another; one has no key.
 */
final class RestlessTable implements AutoCloseable {

    private static final int SESSIONS = 3;

    static final String[] TABLES = {
        "CREATE TABLE big (id bigint PRIMARY KEY, code bigint UNIQUE, payload text, note text)",
        "CREATE TABLE item (id bigint PRIMARY KEY, big_id bigint NOT NULL REFERENCES big, txt"
                + " text)",
        "CREATE TABLE plain (a int, b text)",
        "ALTER TABLE plain REPLICA IDENTITY FULL",
        "CREATE TABLE small (id int PRIMARY KEY, v int)"
    };

    /** Of which some rows take part. */
    private static final int IDS = 12_000;

    interface Connector {
        Connection connect() throws SQLException;
    }

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong commits = new AtomicLong();
    private volatile boolean stopped;

    private RestlessTable() {}

    static void fill(Connection source, long seed) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute("SELECT setseed(" + (seed % 1000) / 1000.0 + ")");
            statement.execute(
                    "INSERT INTO big SELECT i, i, CASE WHEN i % 50 = 0 THEN (SELECT"
                        + " string_agg(md5(i::text || g), '') FROM generate_series(1, 120) g) ELSE"
                        + " repeat('x', 60 + i % 100) END, md5(i::text) FROM generate_series(1, "
                            + IDS
                            + ") i");
            statement.execute(
                    "INSERT INTO item SELECT i, i, repeat('y', 150) FROM generate_series(1, "
                            + IDS
                            + ") i WHERE i % 2 = 0");
            statement.execute(
                    "INSERT INTO plain SELECT i % 700, repeat('z', 100) FROM generate_series(1,"
                            + " 3000) i");
            statement.execute("INSERT INTO small SELECT i, i FROM generate_series(1, 200) i");
            statement.execute("ANALYZE");
        }
    }

    static RestlessTable start(Connector source, long seed) {
        RestlessTable load = new RestlessTable();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < SESSIONS; i++) {
            SplittableRandom own = random.split();
            load.threads.add(Thread.ofVirtual().start(() -> load.work(source, own)));
        }
        return load;
    }

    long commits() {
        return commits.get();
    }

    private void work(Connector source, SplittableRandom random) {
        while (!stopped) {
            try (Connection connection = source.connect()) {
                connection.setAutoCommit(false);
                while (!stopped) {
                    transaction(connection, random);
                }
            } catch (SQLException gone) {
                pause(20); // The server was killed; it comes back.
            }
        }
    }

    private void transaction(Connection connection, SplittableRandom random) throws SQLException {
        boolean patient = random.nextInt(10) == 0;
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL deadlock_timeout = '20ms'");
            int steps = 1 + random.nextInt(6);
            for (int i = 0; i < steps && !stopped; i++) {
                if (random.nextInt(3) == 0) {
                    statement.execute("SAVEPOINT s");
                    change(statement, random);
                    statement.execute(
                            random.nextInt(4) == 0 ? "ROLLBACK TO SAVEPOINT s" : "RELEASE s");
                } else {
                    change(statement, random);
                }
                pause(patient ? random.nextInt(60) : random.nextInt(4));
            }
            if (random.nextInt(12) == 0) {
                connection.rollback();
            } else {
                connection.commit();
                commits.incrementAndGet();
            }
        } catch (SQLException refused) {
            connection.rollback(); // Another session was first.
        }
    }

    private static void change(Statement statement, SplittableRandom random) throws SQLException {
        long id = 1L + random.nextInt(IDS);
        long other = 1L + random.nextInt(2 * IDS);
        switch (random.nextInt(12)) {
            case 0, 1, 2 ->
                    statement.execute(
                            "UPDATE big SET note = md5(note), payload = CASE WHEN id %% 3 = 0 THEN repeat('w', %d) ELSE payload END WHERE id BETWEEN %d AND %d"
                                    .formatted(random.nextInt(300), id, id + random.nextInt(20)));
            case 3 -> {
                // To another key, which a row that went before may have had.
                statement.execute("DELETE FROM item WHERE big_id = " + id);
                statement.execute("UPDATE big SET id = %d WHERE id = %d".formatted(other, id));
            }
            case 4 -> {
                statement.execute("DELETE FROM item WHERE big_id = " + id);
                statement.execute("DELETE FROM big WHERE id = " + id);
            }
            case 5 -> {
                statement.execute("DELETE FROM item WHERE big_id = " + id);
                statement.execute("DELETE FROM big WHERE id = " + id);
                statement.execute(
                        "INSERT INTO big VALUES (%d, %d, 'again', 'n')".formatted(id, other));
            }
            case 6 ->
                    statement.execute(
                            "INSERT INTO big VALUES (%d, %d, repeat('v', %d), 'new')"
                                    .formatted(other, other, random.nextInt(4000)));
            case 7 ->
                    statement.execute(
                            "INSERT INTO item SELECT %d, id, 'item' FROM big WHERE id = %d"
                                    .formatted(other, id));
            case 8 ->
                    // Two rows exchange what is unique: two steps by way of a third value.
                    statement.execute(
                            "UPDATE big SET code = -code - 1 WHERE id IN (%d, %d)"
                                    .formatted(id, other));
            case 9 ->
                    statement.execute(
                            "UPDATE item SET big_id = (SELECT id FROM big ORDER BY id OFFSET %d LIMIT 1) WHERE id = %d"
                                    .formatted(random.nextInt(50), id));
            case 10 ->
                    statement.execute(
                            random.nextBoolean()
                                    ? "UPDATE plain SET b = 'u' WHERE ctid = (SELECT ctid FROM plain WHERE a = %d LIMIT 1)"
                                            .formatted(id % 700)
                                    : "INSERT INTO plain VALUES (%d, 'i')".formatted(id % 700));
            default -> statement.execute("UPDATE small SET v = v + 1 WHERE id = " + (1 + id % 200));
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(millis * 1_000_000L);
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
