package warp.bench;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Copies one database to a new one, again and again, with each contestant; nobody writes meanwhile.
 * Each starts from an empty database and ends with all tables, rows, keys and constraints.
 */
record CopyBench(BenchOptions.Copy options, Tools tools, Workplace workplace, PrintStream err) {

    private static final String SOURCE = "bench";
    private static final String DESTINATION = "copy";

    Outcomes run() throws SQLException {
        List<Outcome> reports = new ArrayList<>();
        for (CopyShape shape : options.shapes()) {
            reports.add(run(shape));
        }
        return new Outcomes(reports);
    }

    private Report run(CopyShape shape) throws SQLException {
        Circumstances.Beginning beginning = Circumstances.Beginning.now();
        try (Servers servers = Servers.start(tools.major(), options.servers())) {
            err.println("bench: filling the source: " + shape.word());
            Content content = shape.content(options.size());
            content.make(servers.source(), SOURCE);
            DatabaseSum expected = Servers.sum(servers.source(), SOURCE);
            Report.Limit limit = new CopyLimit(servers, SOURCE, content, shape.keeps(), err).find();
            Contest contest = new Contest(servers, workplace, err);
            for (int run = 1; run <= options.runs(); run++) {
                contest.run(run, contestants(shape, servers, expected));
            }
            return new Report(
                    beginning.of(
                            options.name() + "-" + shape.word(),
                            job(shape, servers),
                            servers,
                            tools),
                    contest.runs(),
                    Optional.of(limit));
        }
    }

    private String job(CopyShape shape, Servers servers) throws SQLException {
        String size =
                Servers.string(
                        servers.source(),
                        SOURCE,
                        "SELECT pg_size_pretty(pg_database_size(current_database()))");
        return String.format(
                Locale.ROOT,
                "%s, %s with keys, copied to an empty database, schema included; %d runs",
                shape.describe(options.size()),
                size,
                options.runs());
    }

    private List<Contest.Contestant> contestants(
            CopyShape shape, Servers servers, DatabaseSum expected) {
        CopyContestants all =
                new CopyContestants(
                        servers,
                        tools,
                        workplace,
                        SOURCE,
                        DESTINATION,
                        servers.destination().uri(DESTINATION),
                        expected,
                        shape.keeps());
        List<Contest.Contestant> contestants = new ArrayList<>();
        contestants.add(all.warp());
        options.peers().stream()
                .filter(peer -> peer != Peer.PGCOPYDB_SPLIT || shape == CopyShape.WIDE)
                .flatMap(peer -> all.peer(peer).stream())
                .forEach(contestants::add);
        return contestants;
    }
}
