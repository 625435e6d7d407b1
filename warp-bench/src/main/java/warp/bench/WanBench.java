package warp.bench;

import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import warp.sandbox.NetworkProxy;
import warp.sandbox.NetworkProxy.Direction;

/** Copy and drain with a slow and far network between the client and the destination. */
record WanBench(BenchOptions.Wan options, Tools tools, Workplace workplace, PrintStream err) {

    private static final String SOURCE = "bench";
    private static final String DESTINATION = "far_away";
    private static final double MEGABYTE = 1e6;

    private static final List<FigureReport.Column> COLUMNS =
            List.of(
                    new FigureReport.Column("time", "%.2f s"),
                    new FigureReport.Column("sent to the destination", "%.1f MB"),
                    new FigureReport.Column("of the link", "%.0f %%"),
                    new FigureReport.Column("times one statement a round trip", "%.0f"));

    Outcomes run() throws SQLException {
        return new Outcomes(List.of(copy(), drain()));
    }

    private FigureReport copy() throws SQLException {
        Circumstances.Beginning beginning = Circumstances.Beginning.now();
        List<FigureReport.Row> rows = new ArrayList<>();
        CopyShape.Size size = new CopyShape.Size(options.scale(), 1, 1);
        try (Servers servers = Servers.start(tools.major(), options.servers());
                NetworkProxy far = far(servers)) {
            CopyShape.PGBENCH.content(size).make(servers.source(), SOURCE);
            DatabaseSum expected = Servers.sum(servers.source(), SOURCE);
            CopyContestants all =
                    new CopyContestants(
                            servers,
                            tools,
                            workplace,
                            SOURCE,
                            DESTINATION,
                            through(far, servers, DESTINATION),
                            expected,
                            false);
            List<Contest.Contestant> contestants = new ArrayList<>(List.of(all.warp()));
            options.peers().stream()
                    .flatMap(peer -> all.peer(peer).stream())
                    .forEach(contestants::add);
            for (Contest.Contestant each : contestants) {
                rows.add(row(each, far, servers, 0));
            }
            return new FigureReport(
                    beginning.of(
                            options.name() + "-copy",
                            "%s copied %s".formatted(CopyShape.PGBENCH.describe(size), network()),
                            servers,
                            tools),
                    COLUMNS,
                    rows);
        }
    }

    private FigureReport drain() throws SQLException {
        Circumstances.Beginning beginning = Circumstances.Beginning.now();
        Backlog backlog = Backlog.Shape.TPCB.backlog(options.transactions(), options.scale());
        try (Servers servers = Servers.start(tools.major(), options.servers());
                NetworkProxy far = far(servers)) {
            DrainStage stage = DrainStage.prepare(servers, backlog, tools, workplace, err);
            Contest.Contestant warp = stage.warp(through(far, servers, DrainStage.WARP_DATABASE));
            return new FigureReport(
                    beginning.of(
                            options.name() + "-drain",
                            "a backlog of %s applied %s".formatted(backlog.job(), network()),
                            servers,
                            tools),
                    COLUMNS,
                    List.of(row(warp, far, servers, backlog.changes())));
        }
    }

    private String network() {
        return "with %d ms of round trip and %d Mbit/s between the client and the destination"
                .formatted(options.roundTripMillis(), options.megabits());
    }

    private NetworkProxy far(Servers servers) {
        NetworkProxy proxy = NetworkProxy.to(servers.destination().port());
        proxy.delay(Duration.ofMillis(options.roundTripMillis()).dividedBy(2));
        proxy.throttle(bytesPerSecond());
        return proxy;
    }

    private long bytesPerSecond() {
        return options.megabits() * 1_000_000L / 8;
    }

    private static String through(NetworkProxy proxy, Servers servers, String database) {
        return servers.destination()
                .uri(database)
                .replace(
                        ":%d/".formatted(servers.destination().port()),
                        ":%d/".formatted(proxy.port()));
    }

    /**
     * @param changes how many statements it would be one by one; 0 where they are not counted
     */
    private FigureReport.Row row(
            Contest.Contestant contestant, NetworkProxy far, Servers servers, long changes)
            throws SQLException {
        long[] sent = new long[2];
        Contest contest = new Contest(servers, workplace, err);
        Contest.Step work =
                () -> {
                    sent[0] = far.bytesPassed(Direction.TO_SERVER);
                    try {
                        contestant.work().run();
                    } finally {
                        sent[1] = far.bytesPassed(Direction.TO_SERVER);
                    }
                };
        contest.run(
                1,
                List.of(
                        new Contest.Contestant(
                                contestant.name(),
                                contestant.preparation(),
                                work,
                                contestant.proof(),
                                contestant.tidying())));
        Measurement measured = contest.runs().all().getFirst();
        double bytes = sent[1] - sent[0];
        double oneByOne = changes * options.roundTripMillis() / 1000.0;
        return new FigureReport.Row(
                measured.what(),
                List.of(
                        measured.seconds(),
                        bytes / MEGABYTE,
                        100 * bytes / (measured.seconds() * bytesPerSecond()),
                        changes == 0 ? Double.NaN : oneByOne / measured.seconds()),
                measured.load(),
                measured.failure());
    }
}
