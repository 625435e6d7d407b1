package warp.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Copies one pgbench database to a new one, again and again, with each contestant; nobody writes
 * meanwhile. Each starts from an empty database and ends with all rows, keys and constraints.
 */
record CopyBench(BenchOptions.Copy options, Tools tools, Workplace workplace, PrintStream err) {

    private static final String SOURCE = "bench";
    private static final String DESTINATION = "copy";

    Report run() throws SQLException {
        Circumstances.Beginning beginning = Circumstances.Beginning.now();
        try (Servers servers = Servers.start(tools.major(), options.servers())) {
            err.println("bench: filling the source, scale " + options.scale());
            servers.fill(SOURCE, options.scale(), workplace);
            DatabaseSum expected = Servers.sum(servers.source(), SOURCE);
            Contest contest = new Contest(servers, workplace, err);
            for (int run = 1; run <= options.runs(); run++) {
                contest.run(run, contestants(servers, expected));
            }
            return new Report(
                    beginning.of(options.name(), job(servers), servers, tools),
                    contest.runs(),
                    Optional.empty());
        }
    }

    private String job(Servers servers) throws SQLException {
        String size =
                Servers.string(
                        servers.source(),
                        SOURCE,
                        "SELECT pg_size_pretty(pg_database_size(current_database()))");
        return String.format(
                Locale.ROOT,
                "pgbench scale %d, %,d rows, %s with keys, copied to an empty database; %d runs",
                options.scale(),
                options.scale() * 100_011L,
                size,
                options.runs());
    }

    private List<Contest.Contestant> contestants(Servers servers, DatabaseSum expected) {
        String from = servers.source().uri(SOURCE);
        String to = servers.destination().uri(DESTINATION);
        Path files = workplace.folder().resolve("files");
        WarpCommand warp = new WarpCommand(tools, servers, SOURCE, DESTINATION);
        Round round = new Round(servers, expected);
        List<Contest.Contestant> contestants = new ArrayList<>();
        contestants.add(
                round.of(
                        Report.WARP,
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
        }
        return contestants;
    }

    private void dumpAndRestore(String from, Path files, String to) {
        String folder = files.toString();
        workplace.run(List.of("pg_dump", "-Fd", "-Z0", "-j2", "-f", folder, from));
        workplace.run(List.of("pg_restore", "--exit-on-error", "-j2", "-d", to, folder));
    }

    private static List<String> pgcopydb(String from, Path files, String to) {
        return List.of(
                "pgcopydb",
                "clone",
                "--table-jobs",
                "2",
                "--index-jobs",
                "2",
                "--fail-fast",
                "--dir",
                files.toString(),
                "--source",
                from,
                "--target",
                to);
    }

    /** What is the same for all: an empty database first, the proof, and its end. */
    private record Round(Servers servers, DatabaseSum expected) {

        Contest.Contestant of(String name, Contest.Step work, Contest.Step tidying) {
            return new Contest.Contestant(
                    name,
                    () -> servers.destination().createDatabase(DESTINATION),
                    work,
                    () -> expected.requireSame(Servers.sum(servers.destination(), DESTINATION)),
                    () -> {
                        try {
                            tidying.run();
                        } finally {
                            Servers.drop(servers.destination(), DESTINATION);
                        }
                    });
        }
    }
}
