package warp.bench;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import warp.sandbox.PostgresServer;

/**
 * Applies the same backlog of TPC-B transactions with each contestant. In every run both start from
 * equal copies of one source; their slots, made before, hold the same transactions.
 */
record DrainBench(BenchOptions.Drain options, Tools tools, Workplace workplace, PrintStream err) {

    private static final String SOURCE = "bench";
    private static final String FOR_WARP = "drained_by_warp";
    private static final String FOR_NATIVE = "drained_natively";
    private static final String NATIVE_SLOT = "native_bench";

    /** Holds a row once the last transaction of the backlog is applied. */
    private static final String MARKER = "bench_marker";

    private static final Duration NATIVE_MAX = Duration.ofMinutes(30);
    private static final long POLL_MILLIS = 10;

    Report run() throws SQLException {
        Instant begun = Instant.now();
        Machine machine = Machine.now();
        try (Servers servers = Servers.start(tools.major())) {
            Contest contest = new Contest(servers, workplace, err);
            for (int run = 1; run <= options.runs(); run++) {
                run(run, servers, contest);
            }
            return new Report(
                    options.name(),
                    begun,
                    job(),
                    servers.version(),
                    servers.shownSettings(),
                    tools.versions(),
                    machine,
                    contest.runs());
        }
    }

    private String job() {
        return String.format(
                Locale.ROOT,
                "a backlog of %,d TPC-B transactions (pgbench scale %d, %d sessions) applied, start"
                        + " of the program included; %d runs",
                options.transactions(),
                options.scale(),
                BenchOptions.LOAD_SESSIONS,
                options.runs());
    }

    private void run(int run, Servers servers, Contest contest) throws SQLException {
        WarpCommand warp = new WarpCommand(tools, servers, SOURCE, FOR_WARP);
        err.println("bench: run %d: recording the backlog".formatted(run));
        fill(servers);
        prepareNative(servers);
        prepareWarp(servers, warp);
        record(servers);
        DatabaseSum expected = Servers.sum(servers.source(), SOURCE);
        contest.run(
                run,
                List.of(
                        new Contest.Contestant(
                                Report.WARP,
                                () -> {},
                                () -> workplace.run(warp.with("--until", "caught-up")),
                                () ->
                                        expected.requireSame(
                                                Servers.sum(servers.destination(), FOR_WARP)),
                                () -> workplace.run(warp.with("--clean"))),
                        new Contest.Contestant(
                                "native subscription",
                                () -> {},
                                () -> drainNatively(servers.destination()),
                                () ->
                                        expected.requireSame(
                                                Servers.sum(servers.destination(), FOR_NATIVE)),
                                () -> tidyNative(servers))));
        Servers.drop(servers.destination(), FOR_WARP);
        Servers.drop(servers.destination(), FOR_NATIVE);
        Servers.drop(servers.source(), SOURCE);
    }

    private void fill(Servers servers) throws SQLException {
        servers.fill(SOURCE, options.scale(), workplace);
        servers.source().execute(SOURCE, "CREATE TABLE " + MARKER + " (id int PRIMARY KEY)");
    }

    private void prepareNative(Servers servers) throws SQLException {
        PostgresServer destination = servers.destination();
        destination.createDatabase(FOR_NATIVE);
        workplace.pipe(
                List.of("pg_dump", "-Fc", "-Z0", servers.source().uri(SOURCE)),
                List.of("pg_restore", "--exit-on-error", "-d", destination.uri(FOR_NATIVE)));
        servers.source()
                .execute(
                        SOURCE,
                        "CREATE PUBLICATION native_bench FOR TABLE pgbench_accounts,"
                                + " pgbench_branches, pgbench_tellers, pgbench_history, "
                                + MARKER,
                        "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')"
                                .formatted(NATIVE_SLOT));
        destination.execute(
                FOR_NATIVE,
                ("CREATE SUBSCRIPTION native_bench CONNECTION '%s' PUBLICATION native_bench WITH"
                                + " (slot_name = '%s', create_slot = false, copy_data = false,"
                                + " enabled = false)")
                        .formatted(servers.source().uri(SOURCE), NATIVE_SLOT),
                "VACUUM ANALYZE");
    }

    private void prepareWarp(Servers servers, WarpCommand warp) throws SQLException {
        servers.destination().createDatabase(FOR_WARP);
        warp.copySchema(workplace);
        workplace.run(warp.with("--until", "copied"));
        servers.destination().execute(FOR_WARP, "VACUUM ANALYZE");
    }

    private void record(Servers servers) throws SQLException {
        workplace.run(
                List.of(
                        "pgbench",
                        "--no-vacuum",
                        "--protocol=prepared",
                        "--client=" + BenchOptions.LOAD_SESSIONS,
                        "--jobs=2",
                        "--transactions=" + options.transactions() / BenchOptions.LOAD_SESSIONS,
                        servers.source().uri(SOURCE)));
        servers.source().execute(SOURCE, "INSERT INTO " + MARKER + " VALUES (1)");
    }

    private void drainNatively(PostgresServer destination) throws SQLException {
        try (Connection connection = destination.connect(FOR_NATIVE);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SUBSCRIPTION native_bench ENABLE");
            long deadline = System.nanoTime() + NATIVE_MAX.toNanos();
            while (!hasMarker(statement)) {
                if (System.nanoTime() > deadline) {
                    throw new BenchException("the subscription was not done in " + NATIVE_MAX);
                }
                try {
                    Thread.sleep(POLL_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new BenchException("interrupted while waiting for a subscription", e);
                }
            }
        }
    }

    private static boolean hasMarker(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT FROM " + MARKER)) {
            return row.next();
        }
    }

    private static void tidyNative(Servers servers) throws SQLException {
        servers.destination()
                .execute(
                        FOR_NATIVE,
                        "ALTER SUBSCRIPTION native_bench DISABLE",
                        "DROP SUBSCRIPTION native_bench"); // with its slot
        servers.source().execute(SOURCE, "DROP PUBLICATION native_bench");
    }
}
