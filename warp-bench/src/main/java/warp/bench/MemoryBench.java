package warp.bench;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The most memory that Warp has resident while it copies with many workers and while it drains. */
record MemoryBench(BenchOptions.Memory options, Tools tools, Workplace workplace, PrintStream err) {

    private static final int COPY_MEGABYTES_MAX = 300;
    private static final int DRAIN_MEGABYTES_MAX = 512;
    private static final String WORKERS = "8";
    private static final String SOURCE = "copied";
    private static final String DESTINATION = "copy";

    Outcomes run() throws SQLException {
        Circumstances.Beginning beginning = Circumstances.Beginning.now();
        Map<String, AimReport.Aim> aims = new LinkedHashMap<>();
        List<Measurement> all = new ArrayList<>();
        Circumstances about;
        try (Servers servers = Servers.start(tools.major(), options.servers())) {
            about = beginning.of(options.name(), "peak of Warp's resident memory", servers, tools);
            for (CopyShape shape : options.copies()) {
                String what = "copy of %s, %s workers".formatted(shape.word(), WORKERS);
                aims.put(what, AimReport.Aim.megabytes(COPY_MEGABYTES_MAX));
                all.addAll(copy(what, shape, servers));
            }
        }
        for (Backlog.Shape shape : options.drains()) {
            String what = "drain of " + shape.word();
            aims.put(what, AimReport.Aim.megabytes(DRAIN_MEGABYTES_MAX));
            all.addAll(drain(what, shape));
        }
        return new Outcomes(List.of(new AimReport(about, new Runs(all), aims)));
    }

    private List<Measurement> copy(String what, CopyShape shape, Servers servers)
            throws SQLException {
        err.println("bench: " + what);
        Content content = shape.content(options.size());
        content.make(servers.source(), SOURCE);
        DatabaseSum expected = Servers.sum(servers.source(), SOURCE);
        WarpCommand warp = WarpCommand.of(tools, servers, SOURCE, DESTINATION);
        Contest contest = new Contest(servers, workplace, err);
        contest.run(
                1,
                List.of(
                        new Contest.Contestant(
                                what,
                                () -> content.makeEmpty(servers.destination(), DESTINATION),
                                () ->
                                        workplace.run(
                                                warp.with(
                                                        "--parallel-dump",
                                                        WORKERS,
                                                        "--parallel-restore",
                                                        WORKERS,
                                                        "--until",
                                                        "copied")),
                                () ->
                                        expected.requireSame(
                                                Servers.sum(servers.destination(), DESTINATION)),
                                () -> workplace.run(warp.with("--clean")))));
        Servers.drop(servers.destination(), DESTINATION);
        Servers.drop(servers.source(), SOURCE);
        return contest.runs().all();
    }

    private List<Measurement> drain(String what, Backlog.Shape shape) throws SQLException {
        Backlog backlog =
                shape.backlog(
                        shape == Backlog.Shape.HUGE
                                ? shape.usualLength()
                                : Math.min(options.transactions(), shape.usualLength()),
                        options.size().scale());
        try (Servers servers = Servers.start(tools.major(), options.servers())) {
            DrainStage stage = DrainStage.prepare(servers, backlog, tools, workplace, err);
            Contest contest = new Contest(servers, workplace, err);
            contest.run(1, List.of(stage.warp().named(what)));
            return contest.runs().all();
        }
    }
}
