package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/** {@code warp status} tells how a migration is, whatever became of Warp, and changes nothing. */
@Timeout(300)
class StatusPgTest {

    private static ProcessPair servers;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        servers = new ProcessPair();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Test
    void withoutAMigration_saysSo_andChangesNothing() throws Exception {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        List<String> before = moved.catalogs();

        String text = status(moved, ExitCode.DONE);
        JsonNode json = json(moved, ExitCode.DONE);

        assertThat(text)
                .contains(
                        "Migration " + moved.name(),
                        "the destination knows no migration with this slot",
                        "there is none at the source",
                        "see whether a migration can begin",
                        " --slot=" + moved.name() + " --testing");
        assertThat(json.get("known").asBoolean()).isFalse();
        assertThat(json.get("sourceSlot").get("state").asString()).isEqualTo("missing");
        assertThat(moved.catalogs()).isEqualTo(before);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void inTheCopy_tellsWhatIsLeft_andAfterAKillThatNobodyWorks() throws Exception {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp = moved.warp("--yes")) {
            moved.awaitWarpAt(MovedDatabase.COPY);

            JsonNode json = json(moved, ExitCode.DONE);
            assertThat(json.get("phase").asString()).isEqualTo("COPY");
            assertThat(json.get("running").asBoolean()).isTrue();
            assertThat(json.get("copy").get("tables").asInt()).isEqualTo(2);
            assertThat(json.get("copy").get("unfinished").get(0).get("table").asString())
                    .isEqualTo("public.gated");
            assertThat(status(moved, ExitCode.DONE))
                    .contains("Phase     COPY", "Left      public.gated", "status --watch");
            warp.kill();
            assertThat(gate.isClosed()).isFalse();
        }
        moved.await(
                moved.destination(),
                "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND"
                        + " application_name = 'warp "
                        + moved.name()
                        + "'");
        assertThat(status(moved, ExitCode.DONE))
                .contains("none: no Warp works on it", "go on with it");
        assertThat(json(moved, ExitCode.DONE).get("running").asBoolean()).isFalse();
        assertThat(moved.finishAndCompare().differences()).isEmpty();
    }

    @Test
    void whileReplicating_watchesUntilStopped_andAfterwardsTellsHowToGoOn() throws Exception {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (WarpChild warp = moved.warp("--yes")) {
            warp.awaitLine("Started replication");
            insert(moved, 20_001);
            moved.await(moved.destination(), "SELECT count(*) = 10001 FROM public.gated");

            assertThat(status(moved, ExitCode.DONE))
                    .contains(
                            "Phase     REPLICATE",
                            "Worker    Warp at 127.0.0.1",
                            "Copied    2 of 2 tables",
                            "Slot      is read",
                            "in step");
            assertThat(json(moved, ExitCode.DONE).get("lagBytes").asLong()).isLessThan(1 << 20);
            try (WarpCommand watching =
                    WarpCommand.start(folder, arguments(moved, "--watch=1s", "--json", "status"))) {
                awaitLines(watching, 3);
                assertThat(watching.terminate()).isEqualTo(ExitCode.TERMINATED);
                watching.printed()
                        .lines()
                        .forEach(line ->
                                assertThat(read(line).get("phase").asString())
                                        .isEqualTo("REPLICATE"));
            }
            warp.signal("INT");
            assertThat(warp.exitCode()).isEqualTo(130);
        }
        insert(moved, 20_002);
        JsonNode json = json(moved, ExitCode.DONE);
        assertThat(json.get("lagBytes").asLong()).isPositive();
        assertThat(json.get("sourceSlot").get("state").asString()).isEqualTo("idle");
        assertThat(json.get("sourceSlot").get("retainedBytes").asLong()).isPositive();
        assertThat(json.get("applied").get("lsn").asString()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(json.get("next").get("command").asString())
                .endsWith("--slot=" + moved.name())
                .contains("dbname=" + moved.name());
    }

    @Test
    void aHeldTable_isNamedWithTheStatementThatBringsItBack() throws Exception {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (WarpChild warp = moved.warp("--yes", "--until", "copied")) {
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        moved.source()
                .execute(
                        moved.name(),
                        "ALTER TABLE public.kind RENAME COLUMN name TO label",
                        "UPDATE public.kind SET label = 'x'");
        try (WarpChild warp = moved.warp("--until", "caught-up")) {
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(6);
        }

        String text = status(moved, ExitCode.DONE);
        JsonNode held = json(moved, ExitCode.DONE).get("held").get(0);

        assertThat(text).contains("Held      public.kind since", "10 changes wait");
        assertThat(text.lines().toList().getLast().strip())
                .isEqualTo(
                        "ALTER TABLE \"public\".\"kind\" RENAME COLUMN \"name\" TO"
                                + " \"label\";");
        assertThat(held.get("table").asString()).isEqualTo("public.kind");
        assertThat(held.get("changes").asInt()).isEqualTo(10);
        assertThat(held.get("mends").asBoolean()).isFalse();
    }

    @Test
    void aSideThatIsGone_leavesWhatTheOtherKnows() throws Exception {
        try (PostgresServer source = PostgresServer.start("9.6");
                PostgresServer destination = PostgresServer.start("9.6")) {
            MovedDatabase moved =
                    MovedDatabase.create(source, destination, "half", folder).withGatedTable();
            try (WarpChild warp = moved.warp("--yes", "--until", "copied")) {
                assertThat(warp.exitCode()).as(warp.toString()).isZero();
            }
            source.stop();
            assertThat(status(moved, ExitCode.UNREACHABLE))
                    .contains(
                            "Phase     REPLICATE", "ERROR: source: ", "see that the source answers")
                    .doesNotContain("ERROR: destination");
            assertThat(json(moved, ExitCode.UNREACHABLE).get("errors").get(0).get("message"))
                    .asString()
                    .contains("source: ");
            source.start();
            destination.stop();
            assertThat(status(moved, ExitCode.UNREACHABLE))
                    .contains("Slot      is not read", "ERROR: destination: ")
                    .doesNotContain("Phase");
            destination.start();
            assertThat(status(moved, ExitCode.DONE)).contains("Phase     REPLICATE");
        }
    }

    @Test
    void anotherSlot_hearsOfTheMigrationsThatThereAre() throws Exception {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (WarpChild warp = moved.warp("--yes", "--until", "copied")) {
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        List<String> arguments = arguments(moved, "status");
        arguments.set(arguments.indexOf(moved.name()), "mistyped");

        try (WarpCommand command = WarpCommand.start(folder, arguments)) {
            assertThat(command.await()).isEqualTo(ExitCode.DONE);
            assertThat(command.printed())
                    .contains("Others    " + moved.name(), " --slot=" + moved.name() + " status");
        }
    }

    private static void awaitLines(WarpCommand command, int count) {
        long deadline = System.nanoTime() + WarpChild.PATIENCE.toNanos();
        while (command.printed().lines().count() < count) {
            assertThat(System.nanoTime()).as(command.printed()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static void insert(MovedDatabase moved, int id) throws SQLException {
        moved.source()
                .execute(moved.name(), "INSERT INTO public.gated VALUES (" + id + ", 1, 'new')");
    }

    private String status(MovedDatabase moved, ExitCode code) throws InterruptedException {
        return run(arguments(moved, "status"), code);
    }

    private JsonNode json(MovedDatabase moved, ExitCode code) throws InterruptedException {
        return read(run(arguments(moved, "status", "--json"), code));
    }

    private static JsonNode read(String line) {
        return JsonMapper.shared().readTree(line);
    }

    private String run(List<String> arguments, ExitCode code) throws InterruptedException {
        try (WarpCommand command = WarpCommand.start(folder, arguments)) {
            assertThat(command.await()).as(command.printed()).isEqualTo(code);
            assertThat(command.printed()).doesNotContain(":" + PostgresServer.PASSWORD + "@");
            return command.printed();
        }
    }

    private static List<String> arguments(MovedDatabase moved, String... more) {
        return new ArrayList<>(moved.arguments(List.of(more)));
    }
}
