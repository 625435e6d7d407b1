package warp.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long commands take that do next to nothing: from the checkout, and, where it has been made,
 * from the packaged form, which is unpacked first.
 */
record StartBench(
        BenchOptions.Start options, Tools tools, Workplace workplace, Path home, PrintStream err) {

    private static final String DATABASE = "bench";
    private static final double HELP_SECONDS_MAX = 0.15;
    private static final double STATUS_SECONDS_MAX = 0.5;

    AimReport run() throws SQLException {
        Circumstances.Beginning beginning = Circumstances.Beginning.now();
        Map<String, Path> programs = new LinkedHashMap<>();
        programs.put("checkout", tools.warp());
        packages().forEach(each -> programs.put("packaged", unpack(each)));
        try (Servers servers = Servers.start(tools.major(), options.servers())) {
            Content content = TpcbBacklog.content(1);
            content.make(servers.source(), DATABASE);
            content.makeEmpty(servers.destination(), DATABASE);
            WarpCommand warp = WarpCommand.of(tools, servers, DATABASE, DATABASE);
            workplace.run(warp.with("--until", "copied"));
            Contest contest = new Contest(servers, workplace, err);
            Map<String, AimReport.Aim> aims = new LinkedHashMap<>();
            List<Contest.Contestant> contestants = new ArrayList<>();
            programs.forEach((form, program) -> {
                String help = "warp --help, " + form;
                aims.put(help, AimReport.Aim.seconds(HELP_SECONDS_MAX));
                contestants.add(command(help, List.of(program.toString(), "--help")));
                if (!hasStatus(program)) {
                    err.println("bench: there is no warp status in the form: " + form);
                    return;
                }
                String status = "warp status, " + form;
                aims.put(status, AimReport.Aim.seconds(STATUS_SECONDS_MAX));
                contestants.add(command(status, warp.of(program, "status")));
            });
            for (int run = 1; run <= options.runs(); run++) {
                contest.run(run, contestants);
            }
            return new AimReport(
                    beginning.of(
                            options.name(),
                            "commands that do next to nothing, %d runs each"
                                    .formatted(options.runs()),
                            servers,
                            tools),
                    contest.runs(),
                    aims);
        }
    }

    private Contest.Contestant command(String name, List<String> line) {
        return new Contest.Contestant(
                name, () -> {}, () -> workplace.run(line), () -> {}, () -> {});
    }

    private boolean hasStatus(Path program) {
        return workplace.output(List.of(program.toString(), "--help")).stream()
                .anyMatch(line -> line.strip().startsWith("status "));
    }

    /** What {@code ./package} has left in {@code target}; nothing where it was not run. */
    private List<Path> packages() {
        Path target = home.resolve("target");
        if (!Files.isDirectory(target)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(target, "warp-*.tar.gz")) {
            files.forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private Path unpack(Path archive) {
        Path folder = workplace.folder().resolve("package");
        try {
            Files.createDirectories(folder);
            workplace.run(List.of("tar", "-xzf", archive.toString(), "-C", folder.toString()));
            try (DirectoryStream<Path> roots = Files.newDirectoryStream(folder)) {
                for (Path root : roots) {
                    for (Path program : List.of(root.resolve("bin/warp"), root.resolve("warp"))) {
                        if (Files.isExecutable(program)) {
                            return program;
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new BenchException("there is no program warp in " + archive);
    }
}
