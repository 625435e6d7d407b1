package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.sandbox.PostgresServer;

/**
 * Transactions far larger than the heap ({@code -Xmx256m}): a million rows in one, or as many as
 * {@code -Dwarp.huge=10000000} says; one that is rolled back; one of 5,000 savepoints. Through the
 * spool, change by change, and where a backlog makes sets; the process stays small.
 */
class HugeTransactionPgTest {

    private static final int ROWS = Integer.getInteger("warp.huge", 1_000_000);
    private static final int SAVEPOINTS = 5_000;

    /** Heap, code, threads, buffers of zstd and sockets; a tenth of what the rows would take. */
    private static final long RESIDENT_KILOBYTES_MAX = 600 * 1024;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"18", "9.6"})
    void hugeTransactions_passWithASmallHeap(String version) throws Exception {
        int rows = version.equals("18") ? ROWS : ROWS / 10;
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18")) {
            MovedDatabase moved =
                    MovedDatabase.create(source, destination, "huge", folder).withGatedTable();
            moved.onBoth("CREATE TABLE public.huge (id int PRIMARY KEY, n int, t text)");
            throughTheSpool(moved, rows);
            assertThat(moved.compare().differences()).isEmpty();

            source.execute("huge", "UPDATE public.huge SET n = n + 1 WHERE id % 4 = 0");
            savepoints(moved, 200_000_000);
            caughtUp(moved, rows, "--batch-statements", "2000", "--batch-transactions", "500");
            assertThat(moved.compare().differences()).isEmpty();

            small(moved);
            source.execute("huge", "UPDATE public.huge SET id = -id WHERE id % 8 = 1");
            small(moved);
            rolledBack(moved, rows);
            source.execute("huge", "DELETE FROM public.huge WHERE id % 8 = 2");
            savepoints(moved, 300_000_000);
            caughtUp(moved, rows);
            assertThat(moved.compare().differences()).isEmpty();
        }
    }

    private void throughTheSpool(MovedDatabase moved, int rows) throws Exception {
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp =
                        moved.warp(
                                "--yes",
                                "--spool-dir",
                                folder.resolve("spools").toString(),
                                "--until",
                                "caught-up")) {
            moved.awaitWarpAt(MovedDatabase.COPY);
            moved.source()
                    .execute(
                            moved.name(),
                            "INSERT INTO public.huge SELECT g, g % 1000, 'row ' || g FROM"
                                    + " generate_series(1, "
                                    + rows
                                    + ") g");
            rolledBack(moved, rows);
            savepoints(moved, 100_000_000);
            String function =
                    moved.source().version().equals("9.6")
                            ? "pg_current_xlog_location()"
                            : "pg_current_wal_lsn()";
            String now = moved.rows(moved.source(), "SELECT " + function).getFirst();
            moved.await(
                    moved.source(),
                    "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots".formatted(now),
                    Duration.ofSeconds(60 + rows / 5_000));
            try (Statement statement = gate.createStatement()) {
                statement.execute("SELECT pg_advisory_unlock_all()");
            }
            ends(warp, rows);
            assertThat(warp.out()).anyMatch(line -> line.contains("the spool is removed"));
        }
    }

    private static void caughtUp(MovedDatabase moved, int rows, String... switches) {
        String[] all = Arrays.copyOf(switches, switches.length + 2);
        all[switches.length] = "--until";
        all[switches.length + 1] = "caught-up";
        try (WarpChild warp = moved.warp(all)) {
            ends(warp, rows);
        }
    }

    private static void ends(WarpChild warp, int rows) {
        long resident = warp.awaitEnd(Duration.ofSeconds(120 + rows / 2_500));
        assertThat(warp.exitCode()).as(warp.toString()).isZero();
        assertThat(resident).as(warp.toString()).isPositive().isLessThan(RESIDENT_KILOBYTES_MAX);
    }

    private static void small(MovedDatabase moved) throws SQLException {
        try (Connection connection = moved.source().connect(moved.name());
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 500; i++) {
                statement.execute("UPDATE public.kind SET name = name || 'x' WHERE id = 1");
            }
        }
    }

    private static void rolledBack(MovedDatabase moved, int rows) throws SQLException {
        moved.source()
                .execute(
                        moved.name(),
                        "BEGIN; UPDATE public.huge SET t = 'never' WHERE id <= "
                                + rows / 8
                                + "; ROLLBACK");
    }

    /** Every third is rolled back. */
    private static void savepoints(MovedDatabase moved, int from) throws SQLException {
        try (Connection connection = moved.source().connect(moved.name());
                Statement statement = connection.createStatement()) {
            StringBuilder script = new StringBuilder("BEGIN;");
            for (int i = 0; i < SAVEPOINTS; i++) {
                script.append("SAVEPOINT s; INSERT INTO public.huge VALUES (")
                        .append(from + i)
                        .append(", 0, 'sub');")
                        .append(i % 3 == 0 ? "ROLLBACK TO s;" : "RELEASE s;");
            }
            statement.execute(script.append("COMMIT").toString());
        }
    }
}
