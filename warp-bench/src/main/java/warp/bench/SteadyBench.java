package warp.bench;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import warp.sandbox.SandboxException;

/** Both sides in step while the source works at a bounded rate: how soon changes are seen. */
record SteadyBench(BenchOptions.Steady options, Tools tools, Workplace workplace, PrintStream err) {

    private static final String SOURCE = "bench";
    private static final String DESTINATION = "followed";
    private static final int SCALE = 10;
    private static final int WARM_UP_SECONDS = 3;
    private static final int WAIT_SECONDS_MAX = 60;

    private static final List<FigureReport.Column> COLUMNS =
            List.of(
                    new FigureReport.Column("transactions/s", "%.0f"),
                    new FigureReport.Column("seen in under 1 s", "%.2f %%"),
                    new FigureReport.Column("median", "%.3f s"),
                    new FigureReport.Column("99 %", "%.3f s"),
                    new FigureReport.Column("longest", "%.3f s"),
                    new FigureReport.Column("CPU: Warp", "%.2f s"),
                    new FigureReport.Column("source", "%.2f s"),
                    new FigureReport.Column("destination", "%.2f s"),
                    new FigureReport.Column("Warp to both servers", "%.2f"));

    FigureReport run() throws SQLException {
        Circumstances.Beginning beginning = Circumstances.Beginning.now();
        try (Servers servers = Servers.start(tools.major(), options.servers())) {
            List<FigureReport.Row> rows = new ArrayList<>();
            rows.add(row(Report.WARP, servers, () -> withWarp(servers)));
            rows.add(row("native subscription", servers, () -> natively(servers)));
            return new FigureReport(
                    beginning.of(
                            options.name(),
                            "pgbench at %,d TPC-B transactions a second for %d s; a row to look for every 20 ms"
                                    .formatted(options.rate(), options.seconds()),
                            servers,
                            tools),
                    COLUMNS,
                    rows);
        }
    }

    private interface Attempt {
        List<Double> run() throws SQLException;
    }

    private FigureReport.Row row(String what, Servers servers, Attempt attempt)
            throws SQLException {
        err.println("bench: " + what);
        TpcbBacklog.content(SCALE).with(Probe.TABLE).make(servers.source(), SOURCE);
        double load = Machine.now().load();
        try {
            return new FigureReport.Row(what, attempt.run(), load, null);
        } catch (BenchException | SandboxException | SQLException e) {
            if (workplace.isStopping()) {
                throw new BenchException("stopped", e);
            }
            err.println("bench: %s: FAILED: %s".formatted(what, e.getMessage()));
            List<Double> none = COLUMNS.stream().map(_ -> Double.NaN).toList();
            return new FigureReport.Row(what, none, load, String.valueOf(e.getMessage()));
        } finally {
            Servers.drop(servers.destination(), DESTINATION);
        }
    }

    private List<Double> withWarp(Servers servers) throws SQLException {
        TpcbBacklog.content(SCALE).with(Probe.TABLE).makeEmpty(servers.destination(), DESTINATION);
        WarpCommand warp = WarpCommand.of(tools, servers, SOURCE, DESTINATION);
        workplace.run(warp.with("--until", "copied"));
        List<Double> figures;
        try (Background running = workplace.start(warp.with(), "warp.out")) {
            figures = measure(servers, running::requireAlive, running::cpuSeconds);
        }
        workplace.run(warp.with("--clean"));
        return figures;
    }

    private List<Double> natively(Servers servers) throws SQLException {
        TpcbBacklog.content(SCALE).with(Probe.TABLE).make(servers.destination(), DESTINATION);
        servers.source().execute(SOURCE, "CREATE PUBLICATION steady FOR ALL TABLES");
        servers.destination()
                .execute(
                        DESTINATION,
                        "CREATE SUBSCRIPTION steady CONNECTION '%s' PUBLICATION steady WITH (copy_data = false)"
                                .formatted(servers.source().uri(SOURCE)));
        try {
            return measure(servers, () -> {}, () -> Double.NaN);
        } finally {
            servers.destination()
                    .execute(
                            DESTINATION,
                            "ALTER SUBSCRIPTION steady DISABLE",
                            "DROP SUBSCRIPTION steady");
        }
    }

    private List<Double> measure(Servers servers, Runnable check, DoubleSupplier cpuOfWarp)
            throws SQLException {
        int all = options.seconds() + WARM_UP_SECONDS;
        try (Probe probe =
                new Probe(servers.source(), SOURCE, servers.destination(), DESTINATION)) {
            await(probe, check);
            try (Background load = workplace.start(pgbench(servers, all), "pgbench.out")) {
                pass(WARM_UP_SECONDS, check);
                long rowsBefore = history(servers);
                CpuSeconds before = CpuSeconds.now(servers.source(), servers.destination());
                double warpBefore = cpuOfWarp.getAsDouble();
                probe.begin();
                pass(options.seconds() - 1, check);
                probe.endWriting();
                double warp = cpuOfWarp.getAsDouble() - warpBefore;
                CpuSeconds cpu =
                        CpuSeconds.now(servers.source(), servers.destination()).minus(before);
                long rows = history(servers) - rowsBefore;
                load.await(WAIT_SECONDS_MAX);
                probe.end(WAIT_SECONDS_MAX);
                requireSame(servers, check);
                return figures(probe.delays(), rows / (options.seconds() - 1.0), warp, cpu);
            }
        }
    }

    private static List<Double> figures(
            List<Double> delays, double rate, double warp, CpuSeconds cpu) {
        if (delays.isEmpty()) {
            throw new BenchException("no row was committed in time");
        }
        double quick = delays.stream().filter(delay -> delay < 1).count();
        return List.of(
                rate,
                100 * quick / delays.size(),
                delays.get(delays.size() / 2),
                delays.get((int) Math.ceil(delays.size() * 0.99) - 1),
                delays.getLast(),
                warp,
                cpu.source(),
                cpu.destination(),
                warp / (cpu.source() + cpu.destination()));
    }

    private List<String> pgbench(Servers servers, int seconds) {
        return List.of(
                "pgbench",
                "--no-vacuum",
                "--protocol=prepared",
                "--client=4",
                "--jobs=1",
                "--rate=" + options.rate(),
                "--time=" + seconds,
                servers.source().uri(SOURCE));
    }

    private static void await(Probe probe, Runnable check) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
        while (!probe.hasArrived()) {
            check.run();
            if (System.nanoTime() > deadline) {
                throw new BenchException("nothing arrives");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static void pass(int seconds, Runnable check) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            check.run();
            LockSupport.parkNanos(
                    Math.min(end - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(200)));
        }
    }

    private static long history(Servers servers) throws SQLException {
        return Long.parseLong(
                Servers.string(servers.source(), SOURCE, "SELECT count(*) FROM pgbench_history"));
    }

    /** Once the load has ended, both sides must come to be the same. */
    private static void requireSame(Servers servers, Runnable check) throws SQLException {
        DatabaseSum expected = Servers.sum(servers.source(), SOURCE);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
        @Nullable BenchException last = null;
        while (System.nanoTime() < deadline) {
            check.run();
            try {
                expected.requireSame(Servers.sum(servers.destination(), DESTINATION));
                return;
            } catch (BenchException different) {
                last = different;
            }
        }
        throw last == null ? new BenchException("the databases were not compared") : last;
    }
}
