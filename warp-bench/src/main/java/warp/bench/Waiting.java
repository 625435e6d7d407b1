package warp.bench;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Waits for what a server does by itself. */
final class Waiting {

    private static final long POLL_MILLIS = 10;

    private Waiting() {}

    /**
     * Asks until the query gives a row.
     *
     * @param what is waited for: {@code the subscription is done}
     * @throws BenchException when that takes longer than it may
     */
    static void until(Statement session, String query, String what, Duration most)
            throws SQLException {
        long deadline = System.nanoTime() + most.toNanos();
        while (!givesRow(session, query)) {
            if (System.nanoTime() > deadline) {
                throw new BenchException("waited %s in vain until %s".formatted(most, what));
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("interrupted while waiting until " + what, e);
            }
        }
    }

    private static boolean givesRow(Statement session, String query) throws SQLException {
        try (ResultSet row = session.executeQuery(query)) {
            return row.next();
        }
    }
}
