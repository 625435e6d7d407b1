package warp.bench;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Applies the same backlog with each contestant, one shape of backlog after the other. */
record DrainBench(BenchOptions.Drain options, Tools tools, Workplace workplace, PrintStream err) {

    /** The first version whose subscriptions can ask for binary values. */
    private static final double BINARY_SINCE = 14;

    /** The first version that applies a transaction while it is being sent. */
    private static final double PARALLEL_SINCE = 16;

    Outcomes run() throws SQLException {
        List<Outcome> reports = new ArrayList<>();
        for (Backlog.Shape shape : options.shapes()) {
            reports.add(run(shape));
        }
        return new Outcomes(reports);
    }

    private Report run(Backlog.Shape shape) throws SQLException {
        Circumstances.Beginning beginning = Circumstances.Beginning.now();
        Backlog backlog = options.backlog(shape);
        try (Servers started = Servers.start(tools.major(), options.servers())) {
            Servers servers = options.quick() ? started : PglogicalDrain.load(started);
            DrainStage stage = DrainStage.prepare(servers, backlog, tools, workplace, err);
            Contest contest = new Contest(servers, workplace, err);
            for (int run = 1; run <= options.runs(); run++) {
                contest.run(run, contestants(shape, stage, servers));
            }
            Tools shown = options.quick() ? tools : tools.beside(PglogicalDrain.described(servers));
            return new Report(
                    beginning.of(options.name() + "-" + shape.word(), job(backlog), servers, shown),
                    contest.runs(),
                    Optional.empty());
        }
    }

    private String job(Backlog backlog) {
        return String.format(
                Locale.ROOT,
                "a backlog of %s applied, start of the program included; recorded by %d"
                        + " session(s), %d runs",
                backlog.job(),
                backlog.sessions().size(),
                options.runs());
    }

    private List<Contest.Contestant> contestants(
            Backlog.Shape shape, DrainStage stage, Servers servers) {
        List<Contest.Contestant> contestants = new ArrayList<>();
        contestants.add(stage.warp());
        options.peers().stream()
                .filter(peer -> isThere(peer, shape, servers))
                .map(peer -> peer(peer, stage))
                .forEach(contestants::add);
        return contestants;
    }

    private boolean isThere(Peer peer, Backlog.Shape shape, Servers servers) {
        return switch (peer) {
            case NATIVE -> true;
            case NATIVE_BINARY -> version() >= BINARY_SINCE;
            case NATIVE_PARALLEL -> shape == Backlog.Shape.HUGE && version() >= PARALLEL_SINCE;
            case PGLOGICAL -> PglogicalDrain.isIn(servers);
            case SCHEMA_FIRST, PIPE, DUMP, PGCOPYDB, PGCOPYDB_SPLIT -> false;
        };
    }

    private Contest.Contestant peer(Peer peer, DrainStage stage) {
        return switch (peer) {
            case NATIVE ->
                    stage.subscription(
                            "native subscription",
                            version() < BINARY_SINCE ? List.of() : List.of("binary = false"));
            case NATIVE_BINARY ->
                    stage.subscription("native subscription, binary", List.of("binary = true"));
            case NATIVE_PARALLEL ->
                    stage.subscription(
                            "native subscription, streaming = parallel",
                            List.of("streaming = parallel"));
            case PGLOGICAL -> stage.pglogical();
            case SCHEMA_FIRST, PIPE, DUMP, PGCOPYDB, PGCOPYDB_SPLIT ->
                    throw new IllegalArgumentException(peer + " does not replicate");
        };
    }

    private double version() {
        return Double.parseDouble(tools.major());
    }
}
