package warp.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.Comparison;
import warp.sandbox.DatabaseContent;

/**
 * One scenario between two servers: made, moved while it changes, stopped, resumed, cleaned, and
 * compared by everything that it has. For one thread.
 */
final class ScenarioRun {

    private static final long LIVE_NANOS_MAX = 3_000_000_000L;

    /** What must be as it was when Warp has cleaned up. */
    private static final String FOOTPRINT =
            """
            SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = 'warp'
            UNION ALL SELECT 'slot ' || slot_name FROM pg_replication_slots
             WHERE database = current_database()
            UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
            UNION ALL SELECT format('replica identity %s of %s', relreplident, oid::regclass)
             FROM pg_class WHERE relkind IN ('r', 'p') AND relreplident <> 'd' AND oid >= 16384
            """;

    private static final String PUBLICATIONS =
            " UNION ALL SELECT 'publication ' || pubname FROM pg_publication";

    private final Scenario scenario;
    private final Scene scene;
    private final Path folder;
    private final Schemas schemas;
    private final StringBuilder printed = new StringBuilder();

    ScenarioRun(Scenario scenario, Scene scene, Path folder) {
        this.scenario = scenario;
        this.scene = scene;
        this.folder = folder;
        this.schemas = new Schemas(scene, folder);
    }

    void run() throws IOException, InterruptedException, SQLException {
        prepare();
        List<String> sourceBefore;
        try (Connection source = scene.connectToSource()) {
            sourceBefore = footprint(source);
        }
        List<String> before = scenario.syncsSchema() ? List.of() : schemas.ofDestination();
        Optional<Expectation> error = scenario.expected("expected-error");
        Optional<Expectation> output = scenario.expected("expected-output");
        if (error.isPresent()) {
            fails(error.get());
        } else {
            replicates(ExitCode.TERMINATED);
        }
        Optional<Path> mend = scenario.file("mend.sql");
        if (mend.isPresent()) {
            Psql.run(scene.destinationUri(), mend.get());
        }
        boolean arrives = error.isEmpty() || mend.isPresent();
        if (arrives) {
            catchesUp(output.map(Expectation::exitCode).orElse(0));
            try (Connection source = scene.connectToSource();
                    Connection destination = scene.connectToDestination()) {
                checkContent(source, destination);
            }
        }
        output.ifPresent(expected -> expected.check(printed.toString()));
        clean();
        try (Connection source = scene.connectToSource();
                Connection destination = scene.connectToDestination()) {
            assertThat(footprint(source)).as("at the source").isEqualTo(sourceBefore);
            assertThat(footprint(destination))
                    .as("at the destination")
                    .noneMatch(line -> line.startsWith("schema "));
            if (arrives) {
                checkContent(source, destination);
            }
        }
        if (arrives) {
            checkSchema(
                    scenario.syncsSchema()
                            ? schemas.differences(
                                    scenario.dumpSwitches(),
                                    scenario.connections().destinationRole())
                            : Dump.difference(before, schemas.ofDestination()));
        }
    }

    /** Where nothing can read the source's schema, the destination gets it by hand. */
    private void prepare() throws IOException, InterruptedException {
        Optional<Path> destination = scenario.file("destination.sql");
        Path source = scenario.folder().resolve("source.sql");
        if (destination.isPresent()) {
            Psql.run(scene.destinationUri(), destination.get());
        } else if (!scenario.syncsSchema()) {
            Psql.run(scene.destinationUri(), source);
        }
        Psql.run(scene.sourceUri(), source);
        Optional<Path> config = scenario.file("config.yaml");
        if (config.isPresent()) {
            Files.writeString(
                    folder.resolve(".scenario.yaml"),
                    "source: \"%s\"\ndestination: \"%s\"\n%s"
                            .formatted(
                                    sourceUri(), destinationUri(), Files.readString(config.get())));
        }
    }

    /** Runs until it replicates, lets it work, and stops it. */
    private void replicates(ExitCode expected)
            throws IOException, InterruptedException, SQLException {
        List<Psql> loads = new ArrayList<>();
        try (WarpCommand warp = start()) {
            for (Path load : scenario.loads()) {
                loads.add(Psql.start(scene.sourceUri(), load));
            }
            assertThat(warp.printsBeforeItEnds("Started replication"))
                    .as(() -> "did not replicate:\n" + warp.printed())
                    .isTrue();
            runAtSource("during.sql");
            for (Psql load : loads) {
                load.await();
            }
            awaitApplied();
            ExitCode code = warp.terminate();
            printed.append(warp.printed());
            assertThat(code).as(warp.printed()).isEqualTo(expected);
        } finally {
            loads.forEach(Psql::close);
        }
        runAtSource("backlog.sql");
    }

    /** Runs until it gives up, at once or, where there is a load, because of it. */
    private void fails(Expectation expected) throws IOException, InterruptedException {
        try (WarpCommand warp = start()) {
            if (warp.printsBeforeItEnds("Started replication")) {
                assertThat(scenario.file("during.sql"))
                        .as("no error: " + warp.printed())
                        .isPresent();
                runAtSource("during.sql");
            }
            ExitCode code = warp.await();
            printed.append(warp.printed());
            assertThat(code.number()).as(warp.printed()).isEqualTo(expected.exitCode());
            expected.check(warp.printed());
        }
    }

    private void catchesUp(int expected) throws InterruptedException {
        try (WarpCommand warp = start("--until=caught-up")) {
            ExitCode code = warp.await();
            printed.append(warp.printed());
            assertThat(code.number()).as(warp.printed()).isEqualTo(expected);
        }
    }

    private void clean() throws InterruptedException, IOException {
        try (WarpCommand warp = start("--clean-full", "--yes")) {
            assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("files after --clean-full").isEmpty();
        }
    }

    private WarpCommand start(String... more) {
        List<String> all = new ArrayList<>();
        if (Files.exists(folder.resolve(".scenario.yaml"))) {
            all.add("--config=.scenario.yaml");
        } else {
            all.addAll(List.of("--source=" + sourceUri(), "--destination=" + destinationUri()));
        }
        all.add("--slot=" + scenario.database());
        all.addAll(scenario.arguments());
        for (String word : more) {
            if (!all.contains(word)) {
                all.add(word);
            }
        }
        return WarpCommand.start(folder, all);
    }

    private String sourceUri() {
        String role = scenario.connections().sourceRole();
        return role.isEmpty()
                ? scene.sourceUri()
                : scene.source().uri(scenario.database(), role, role);
    }

    private String destinationUri() {
        String role = scenario.connections().destinationRole();
        return role.isEmpty()
                ? scene.destinationUri()
                : scene.destination().uri(scenario.database(), role, role);
    }

    private void runAtSource(String file) throws IOException, InterruptedException {
        Optional<Path> script = scenario.file(file);
        if (script.isPresent()) {
            Psql.run(scene.sourceUri(), script.get());
        }
    }

    /**
     * Waits a little, so that Warp mostly applies the load while it runs. What it has not by then
     * is for the next run: both ways must end in the same.
     */
    private void awaitApplied() throws SQLException {
        boolean old = scene.source().version().equals("9.6");
        String now = old ? "pg_current_xlog_location()" : "pg_current_wal_lsn()";
        long deadline = System.nanoTime() + LIVE_NANOS_MAX;
        try (Connection source = scene.connectToSource()) {
            String end = Scene.rows(source, "SELECT " + now).getFirst();
            String reached =
                    "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%s' AND"
                                    .formatted(scenario.database())
                            + " confirmed_flush_lsn >= '%s'".formatted(end);
            while (System.nanoTime() < deadline
                    && Scene.rows(source, reached).getFirst().equals("0")) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private void checkContent(Connection source, Connection destination)
            throws IOException, SQLException {
        List<String> tables = scenario.compared();
        if (!tables.equals(Scenario.NONE)) {
            compare(source, destination, tables);
        }
        assertThat(SequenceValues.differences(source, destination)).isEmpty();
        Optional<Path> queries = scenario.file("expected.sql");
        if (queries.isPresent()) {
            QueryPairs.of(Files.readString(queries.get())).check(source, destination);
        }
    }

    private void compare(Connection source, Connection destination, List<String> tables)
            throws SQLException {
        Comparison comparison =
                DatabaseContent.compare(
                        source,
                        destination,
                        DatabaseContent.Scope.ofTables(tables.toArray(String[]::new)));
        assertThat(comparison.differences()).as("content; Warp printed:\n" + printed).isEmpty();
        assertThat(comparison.tables()).isGreaterThanOrEqualTo(tables.size());
    }

    private void checkSchema(List<String> differences) {
        List<String> expected = scenario.expectedDifferences();
        assertThat(differences)
                .as("schema; Warp printed:\n" + printed)
                .allMatch(line -> expected.stream().anyMatch(line::startsWith));
        assertThat(expected)
                .as("expected differences, of " + differences)
                .allMatch(begin -> differences.stream().anyMatch(line -> line.startsWith(begin)));
    }

    private static List<String> footprint(Connection connection) throws SQLException {
        boolean publishes = connection.getMetaData().getDatabaseMajorVersion() >= 10;
        return Scene.rows(connection, FOOTPRINT + (publishes ? PUBLICATIONS : "") + " ORDER BY 1");
    }
}
