package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.error.FaultPoint;
import warp.error.FaultPoint.Edge;
import warp.error.PlannedFault;
import warp.error.PlannedFault.Action;
import warp.sandbox.PostgresServer;

/** {@code --clean} leaves both catalogs as they were before the first run, whatever happened. */
class CleanedPgTest {

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
    void neverRun_isNoError_alsoTwice() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        List<String> before = moved.catalogs();
        cleans(moved);
        cleans(moved);
        assertThat(moved.catalogs()).isEqualTo(before);
    }

    @Test
    void killedInTheCopy_leavesNothing() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        List<String> before = moved.catalogs();
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp = moved.warp("--yes")) {
            moved.awaitWarpAt(MovedDatabase.COPY);
            warp.kill();
            assertThat(gate.isClosed()).isFalse();
        }
        assertThat(moved.catalogs()).isNotEqualTo(before);
        cleans(moved);
        assertThat(moved.catalogs()).isEqualTo(before);
    }

    @Test
    void killedInTheIndexBuild_putsIndexesKeysAndTriggersBack() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        List<String> before = moved.catalogs();
        try (Connection gate = moved.shut(MovedDatabase.INDEX);
                WarpChild warp = moved.warp("--yes")) {
            moved.awaitWarpAt(MovedDatabase.INDEX);
            assertThat(moved.catalogs())
                    .as("something was taken away")
                    .noneMatch(line -> line.contains("gated_gate"));
            warp.kill();
            assertThat(gate.isClosed()).isFalse();
        }
        cleans(moved);
        assertThat(moved.catalogs()).isEqualTo(before);
        cleans(moved);
    }

    @Test
    void killedInReplication_leavesNothing_andANewMigrationBegins() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        List<String> before = moved.catalogs();
        try (WarpChild warp = moved.warp("--yes")) {
            warp.awaitLine("Started replication");
            warp.kill();
        }
        cleans(moved);
        assertThat(moved.catalogs()).isEqualTo(before);
        assertThat(moved.finishAndCompare().differences()).isEmpty();
    }

    /** Before 10 the slot that a table is copied by outlives a Warp that is killed. */
    @Test
    void killedWhileCleaning_findsTheSlotOfATablesCopyAgain() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        List<String> before = moved.catalogs();
        try (WarpChild warp = moved.warp("--yes", "--until", "copied")) {
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        moved.rows(
                servers.source(),
                "SELECT pg_create_logical_replication_slot('%s_copy', 'pgoutput')"
                        .formatted(moved.name()));
        PlannedFault halt = new PlannedFault(FaultPoint.SLOT_DROPPED, Edge.BEFORE, 1, Action.HALT);
        try (WarpChild warp = moved.warp(halt, List.of("--clean"))) {
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(PlannedFault.HALTED);
        }
        cleans(moved);
        assertThat(moved.catalogs()).isEqualTo(before);
    }

    @Test
    void oneSideDown_theOtherIsCleaned() throws SQLException {
        for (boolean sourceDown : new boolean[] {true, false}) {
            try (ProcessPair pair = new ProcessPair()) {
                MovedDatabase moved = pair.database(folder).withGatedTable();
                List<String> before = moved.catalogs();
                try (WarpChild warp = moved.warp("--yes")) {
                    warp.awaitLine("Started replication");
                    warp.kill();
                }
                PostgresServer down = sourceDown ? pair.source() : pair.destination();
                down.stop();
                try (WarpChild clean = moved.warp("--clean")) {
                    assertThat(clean.exitCode()).as(clean.toString()).isEqualTo(5);
                    assertThat(clean.err().getFirst())
                            .startsWith("ERROR: " + (sourceDown ? "source" : "destination"))
                            .contains("127.0.0.1:" + down.port());
                }
                down.start();
                PostgresServer up = sourceDown ? pair.destination() : pair.source();
                List<String> now = moved.catalogs();
                assertThat(part(now, up)).isEqualTo(part(before, up));
                cleans(moved);
                assertThat(moved.catalogs()).isEqualTo(before);
            }
        }
    }

    /** The lines of one server. */
    private static List<String> part(List<String> catalogs, PostgresServer server) {
        int from = catalogs.indexOf("-- " + server.port());
        List<String> rest = catalogs.subList(from + 1, catalogs.size());
        return rest.stream().takeWhile(line -> !line.startsWith("-- ")).toList();
    }

    @Test
    void cleanFull_removesConfigAndLogOnlyAfterAYes() throws SQLException, IOException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        Path config = folder.resolve(".shop.yaml");
        Files.writeString(
                config,
                """
                source: "%s"
                destination: "%s"
                """
                        .formatted(
                                moved.source().uri(moved.name()),
                                moved.destination().uri(moved.name())));
        List<String> run = List.of("--config", config.toString(), "--slot", moved.name(), "--log");
        try (WarpChild warp = child(run, "--yes", "--until", "copied")) {
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        Path log = folder.resolve(".shop.log");
        assertThat(log).exists();
        try (WarpChild warp = child(run, "--clean-full")) {
            warp.awaitLine("Remove ").type("no");
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        assertThat(config).exists();
        assertThat(log).exists();
        try (WarpChild warp = child(run, "--clean-full")) {
            warp.awaitLine("Remove ").type("yes");
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        assertThat(config).doesNotExist();
        assertThat(log).doesNotExist();
    }

    private WarpChild child(List<String> first, String... more) {
        List<String> all = new java.util.ArrayList<>(first);
        all.addAll(List.of(more));
        return WarpChild.start(folder, all);
    }

    private static void cleans(MovedDatabase moved) {
        try (WarpChild clean = moved.warp("--clean")) {
            assertThat(clean.exitCode()).as(clean.toString()).isZero();
            assertThat(clean.err()).isEmpty();
        }
    }
}
