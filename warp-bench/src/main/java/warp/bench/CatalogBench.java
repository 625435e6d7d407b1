package warp.bench;

import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import warp.sandbox.PostgresServer;

/**
 * Moves databases of very many small tables, one in ten of them with rows, and tells what each step
 * takes. The servers have as many locks as they have by default.
 */
record CatalogBench(
        BenchOptions.Catalog options, Tools tools, Workplace workplace, PrintStream err) {

    private static final String DATABASE = "tables";
    private static final int TABLES_PER_SCHEMA = 100;
    private static final int ONE_FILLED_IN = 10;
    private static final int ROWS = 50;
    private static final int INDEXES_PER_TABLE = 3;

    /** What takes time, and the words by which Warp's log says that it begins. */
    enum Step {
        CHECK("check", "Checking both servers"),
        PUBLICATION("publication", "Creating publication"),
        PLAN("slot, locks, plan", "Creating replication slot"),
        COPY("copy, ANALYZE", "Copying "),
        CLEAN("clean", "");

        private final String title;
        private final String beginsWith;

        Step(String title, String beginsWith) {
            this.title = title;
            this.beginsWith = beginsWith;
        }

        String title() {
            return title;
        }

        private boolean isBegunBy(String message) {
            return !beginsWith.isEmpty() && message.startsWith(beginsWith);
        }
    }

    CatalogReport run() throws SQLException {
        Instant begun = Instant.now();
        Machine machine = Machine.now();
        List<CatalogReport.Run> runs = new ArrayList<>();
        String version = "";
        Map<String, String> settings = Map.of();
        for (int tables : options.tables()) {
            try (Servers servers = Servers.start(tools.major(), options.servers())) {
                version = servers.version();
                settings = servers.shownSettings();
                err.printf("bench: making %,d tables at both servers%n", tables);
                make(servers, tables);
                runs.add(measure(servers, tables));
            }
        }
        return new CatalogReport(begun, version, settings, machine, runs);
    }

    private CatalogReport.Run measure(Servers servers, int tables) throws SQLException {
        servers.settle();
        double load = Machine.now().load();
        WarpCommand warp = WarpCommand.of(tools, servers, DATABASE, DATABASE);
        err.printf("bench: moving %,d tables%n", tables);
        CpuSeconds before = CpuSeconds.now(servers.source(), servers.destination());
        Watched check = workplace.watch(warp.with("--testing"));
        CpuSeconds checkCpu = CpuSeconds.now(servers.source(), servers.destination()).minus(before);
        Watched move = workplace.watch(warp.with("--until", "copied"));
        requireSame(servers, tables);
        Watched clean = workplace.watch(warp.with("--clean"));
        Map<Step, Double> steps = steps(move.lines());
        steps.put(Step.CLEAN, clean.seconds());
        return new CatalogReport.Run(
                tables,
                tables * INDEXES_PER_TABLE,
                tables / ONE_FILLED_IN,
                steps,
                checkCpu,
                Math.max(check.peakBytes(), Math.max(move.peakBytes(), clean.peakBytes())),
                load);
    }

    /** Seconds from the line that begins a step to that of the next, or to the last line. */
    private static Map<Step, Double> steps(List<Watched.Line> lines) {
        Map<Step, Double> steps = new EnumMap<>(Step.class);
        for (int i = 0; i < lines.size(); i++) {
            for (Step step : Step.values()) {
                if (step.isBegunBy(lines.get(i).message())) {
                    steps.put(step, seconds(lines.get(i), end(lines.subList(i + 1, lines.size()))));
                }
            }
        }
        return steps;
    }

    private static Watched.Line end(List<Watched.Line> rest) {
        return rest.stream()
                .filter(line ->
                        List.of(Step.values()).stream()
                                .anyMatch(step -> step.isBegunBy(line.message())))
                .findFirst()
                .orElseGet(rest::getLast);
    }

    private static double seconds(Watched.Line from, Watched.Line to) {
        return Duration.between(from.at(), to.at()).toMillis() / 1000.0;
    }

    private static void make(Servers servers, int tables) throws SQLException {
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(() -> makeAt(servers.destination(), tables));
        try {
            makeAt(servers.source(), tables);
            other.join();
        } catch (CompletionException problem) {
            throw new BenchException("cannot make the tables: " + problem.getMessage(), problem);
        }
        fill(servers.source(), tables);
    }

    private static void makeAt(PostgresServer server, int tables) {
        try {
            server.createDatabase(DATABASE);
            server.execute(
                    DATABASE,
                    "SET synchronous_commit = off",
                    forEachTable(
                            tables,
                            """
                            EXECUTE format('CREATE TABLE %1$s (id bigint PRIMARY KEY,
                                customer int NOT NULL, kind varchar(20), amount numeric(12, 2),
                                at timestamptz)', n);
                            EXECUTE format('CREATE INDEX ON %1$s (customer)', n);
                            EXECUTE format('CREATE INDEX ON %1$s (at, kind)', n);
                            """),
                    "VACUUM ANALYZE");
        } catch (SQLException problem) {
            throw new BenchException("cannot make the tables: " + problem.getMessage(), problem);
        }
    }

    private static void fill(PostgresServer server, int tables) throws SQLException {
        server.execute(
                DATABASE,
                "SET synchronous_commit = off",
                forEachTable(
                        tables,
                        """
                        IF i %% %d = 0 THEN
                            EXECUTE format('INSERT INTO %%s SELECT g, mod(g, 7), ''kind '' || mod(g, 3),
                                g * 1.5, now() FROM generate_series(1, %d) g', n);
                        END IF;
                        """
                                .formatted(ONE_FILLED_IN, ROWS)));
    }

    /** A transaction for each schema: its locks are as many as a server has by default. */
    private static String forEachTable(int tables, String statements) {
        return """
        DO $$
        DECLARE
            n text;
        BEGIN
            FOR i IN 1..%d LOOP
                n := format('s%%s.t%%s', i / %d, i);
                IF to_regnamespace(split_part(n, '.', 1)) IS NULL THEN
                    EXECUTE format('CREATE SCHEMA %%s', split_part(n, '.', 1));
                END IF;
                %s
                IF i %% %d = 0 THEN
                    COMMIT;
                END IF;
            END LOOP;
        END $$
        """
                .formatted(tables, TABLES_PER_SCHEMA, statements, TABLES_PER_SCHEMA);
    }

    /** By what ANALYZE counted in each: to read all would need more locks than there are. */
    private static void requireSame(Servers servers, int tables) throws SQLException {
        String found =
                Servers.string(
                        servers.destination(),
                        DATABASE,
                        "SELECT sum(c.reltuples)::bigint FROM pg_class c JOIN pg_namespace n ON"
                                + " n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname ~"
                                + " '^s[0-9]' AND c.reltuples > 0");
        String wanted = Long.toString((long) tables / ONE_FILLED_IN * ROWS);
        if (!wanted.equals(found)) {
            throw new BenchException(
                    "the rows did not arrive: they are %s, not %s".formatted(found, wanted));
        }
    }
}
