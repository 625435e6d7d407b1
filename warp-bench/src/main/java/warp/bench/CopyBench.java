package warp.bench;

import java.io.PrintStream;
import java.nio.file.Path;
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
            Report.Limit limit = new CopyLimit(servers, SOURCE, content, err).find();
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
        String from = servers.source().uri(SOURCE);
        String to = servers.destination().uri(DESTINATION);
        Path files = workplace.folder().resolve("files");
        WarpCommand warp = WarpCommand.of(tools, servers, SOURCE, DESTINATION);
        Round round = new Round(servers, expected, DESTINATION);
        List<Contest.Contestant> contestants = new ArrayList<>();
        contestants.add(
                round.of(
                        Report.WARP,
                        () -> workplace.run(warp.with("--sync-schema", "--until", "copied")),
                        () -> workplace.run(warp.with("--clean"))));
        contestants.add(
                round.of(
                        "Warp, schema by pg_dump and psql first",
                        () -> {
                            warp.copySchema(workplace);
                            workplace.run(warp.with("--until", "copied"));
                        },
                        () -> workplace.run(warp.with("--clean"))));
        contestants.add(
                round.of(
                        "pg_dump, piped to pg_restore",
                        () ->
                                workplace.pipe(
                                        List.of("pg_dump", "-Fc", "-Z0", from),
                                        List.of("pg_restore", "--exit-on-error", "-d", to)),
                        () -> {}));
        contestants.add(
                round.of(
                        "pg_dump -j2, then pg_restore -j2",
                        () -> dumpAndRestore(from, files, to),
                        () -> workplace.delete(files)));
        if (tools.pgcopydb()) {
            contestants.add(
                    round.of(
                            "pgcopydb clone",
                            () -> workplace.run(pgcopydb(from, files, to)),
                            () -> workplace.delete(files)));
            if (shape == CopyShape.WIDE) {
                contestants.add(
                        round.of(
                                "pgcopydb clone, dividing tables",
                                () ->
                                        workplace.run(
                                                pgcopydb(
                                                        from,
                                                        files,
                                                        to,
                                                        "--split-tables-larger-than",
                                                        "250MB")),
                                () -> workplace.delete(files)));
            }
        }
        return contestants;
    }

    private void dumpAndRestore(String from, Path files, String to) {
        String folder = files.toString();
        workplace.run(List.of("pg_dump", "-Fd", "-Z0", "-j2", "-f", folder, from));
        workplace.run(List.of("pg_restore", "--exit-on-error", "-j2", "-d", to, folder));
    }

    static List<String> pgcopydb(String from, Path files, String to, String... more) {
        List<String> command = new ArrayList<>(List.of("pgcopydb", "clone"));
        command.addAll(List.of("--table-jobs", "2", "--index-jobs", "2", "--fail-fast"));
        command.addAll(List.of("--dir", files.toString(), "--source", from, "--target", to));
        command.addAll(List.of(more));
        return command;
    }

    /** What is the same for all: an empty database first, the proof, and its end. */
    record Round(Servers servers, DatabaseSum expected, String destination) {

        Contest.Contestant of(String name, Contest.Step work, Contest.Step tidying) {
            return new Contest.Contestant(
                    name,
                    () -> {
                        Servers.drop(servers.destination(), destination);
                        servers.destination().createDatabase(destination);
                    },
                    work,
                    () -> expected.requireSame(Servers.sum(servers.destination(), destination)),
                    () -> {
                        try {
                            tidying.run();
                        } finally {
                            Servers.drop(servers.destination(), destination);
                        }
                    });
        }
    }
}
