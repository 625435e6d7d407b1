package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.sandbox.PostgresServer;
import warp.sandbox.WriteLoad;
import warp.testing.Seed;

/**
 * Whatever dies at whatever moment, the same command goes on, and both sides end equal: nothing
 * lost, nothing twice. The load's tables include one without a key that holds equal rows.
 */
class KilledPgTest {

    private static final int KILLS = 20;

    private static PostgresServer source;
    private static PostgresServer destination;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        source = PostgresServer.builder("18").durable(true).start();
        destination = PostgresServer.builder("18").durable(true).start();
    }

    @AfterAll
    static void stop() {
        destination.close();
        source.close();
    }

    @Test
    void killedTwentyTimesInReplication_losesAndDoublesNothing() throws SQLException {
        long seed = Seed.of(KilledPgTest.class);
        SplittableRandom random = new SplittableRandom(seed);
        MovedDatabase moved = loaded("killed_replicating", seed);
        try (WarpChild first = moved.warp("--yes", "--until", "copied")) {
            assertThat(first.exitCode()).as(first.toString()).isZero();
        }
        try (WriteLoad load = load(moved, seed)) {
            for (int kill = 1; kill <= KILLS; kill++) {
                long commits = load.commits();
                try (WarpChild warp = moved.warp()) {
                    warp.awaitLine("Started replication");
                    assertThat(warp.survives(random.nextInt(400))).as(warp.toString()).isTrue();
                    warp.kill();
                }
                load.awaitCommits(commits + 1, WarpChild.PATIENCE);
            }
        }
        assertThat(moved.finishAndCompare()).as("seed " + seed).satisfies(this::isEqual);
    }

    @Test
    void killedInTheCopy_goesOnByItself() throws SQLException {
        long seed = Seed.of(KilledPgTest.class);
        MovedDatabase moved = loaded("killed_copying", seed).withGatedTable();
        try (WriteLoad load = load(moved, seed)) {
            for (int kill = 0; kill < 2; kill++) {
                try (Connection gate = moved.shut(MovedDatabase.COPY);
                        WarpChild warp = moved.warp("--yes")) {
                    moved.awaitWarpAt(MovedDatabase.COPY);
                    warp.kill();
                    assertThat(gate.isClosed()).isFalse();
                }
            }
            // The question about TRUNCATE was answered before: it is not asked again.
            try (WarpChild warp = moved.warp().closeInput()) {
                warp.awaitLine("Started replication");
                load.awaitCommits(load.commits() + 50, WarpChild.PATIENCE);
                warp.kill();
            }
        }
        assertThat(moved.finishAndCompare()).as("seed " + seed).satisfies(this::isEqual);
    }

    @Test
    void killedWhileTheSlotWaits_endsTheLeftoverAndBeginsAgain() throws SQLException {
        MovedDatabase moved =
                MovedDatabase.create(source, destination, "killed_preparing", folder)
                        .withGatedTable();
        try (Connection open = source.connect(moved.name())) {
            open.setAutoCommit(false);
            open.createStatement().execute("SELECT txid_current()");
            try (WarpChild warp = moved.warp("--yes")) {
                warp.awaitLine("waits for transactions that were open before it");
                warp.kill();
            }
            try (WarpChild warp = moved.warp("--yes")) {
                warp.awaitLine("waits for transactions that were open before it");
                open.rollback();
                warp.awaitLine("Started replication");
            }
        }
        assertThat(moved.finishAndCompare()).satisfies(this::isEqual);
    }

    @Test
    void killedInTheIndexBuild_putsBackWhatIsOwed() throws SQLException {
        MovedDatabase moved =
                MovedDatabase.create(source, destination, "killed_indexing", folder)
                        .withGatedTable();
        try (Connection gate = moved.shut(MovedDatabase.INDEX);
                WarpChild warp = moved.warp("--yes")) {
            moved.awaitWarpAt(MovedDatabase.INDEX);
            warp.kill();
            assertThat(gate.isClosed()).isFalse();
        }
        source.execute(moved.name(), "UPDATE public.gated SET kind = 1 WHERE id % 7 = 0");
        assertThat(moved.finishAndCompare()).satisfies(this::isEqual);
        assertThat(moved.rows(destination, "SELECT indexname FROM pg_indexes"))
                .contains("gated_gate", "gated_pkey", "kind_pkey");
    }

    @Test
    void serversThatGoAndComeBack_areWaitedFor() throws SQLException {
        long seed = Seed.of(KilledPgTest.class);
        MovedDatabase moved = loaded("servers_restarted", seed);
        try (WarpChild warp = moved.warp("--yes")) {
            warp.awaitLine("Started replication");
            try (WriteLoad load = load(moved, seed)) {
                load.awaitCommits(100, WarpChild.PATIENCE);
                destination.killHard();
                warp.awaitLine("trying again");
                destination.start();
                warp.awaitLines("Started replication", 2);
                load.awaitCommits(load.commits() + 100, WarpChild.PATIENCE);
            }
            source.restart();
            warp.awaitLines("Started replication", 3);
            try (WriteLoad load = load(moved, seed + 1)) {
                load.awaitCommits(100, WarpChild.PATIENCE);
            }
            warp.signal("TERM");
            assertThat(warp.exitCode(Duration.ofSeconds(20))).isEqualTo(143);
        }
        assertThat(moved.finishAndCompare()).as("seed " + seed).satisfies(this::isEqual);
    }

    private MovedDatabase loaded(String name, long seed) throws SQLException {
        MovedDatabase moved = MovedDatabase.create(source, destination, name, folder);
        try (Connection one = source.connect(name);
                Connection other = destination.connect(name)) {
            WriteLoad.createSchema(one, "18");
            WriteLoad.createSchema(other, "18");
            WriteLoad.fill(one, "18", seed);
        }
        return moved;
    }

    private static WriteLoad load(MovedDatabase moved, long seed) {
        return WriteLoad.builder("18", seed, () -> source.connect(moved.name()))
                .connections(3)
                .pauseMillis(10)
                .start();
    }

    private void isEqual(warp.sandbox.Comparison comparison) {
        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.rows()).isPositive();
    }
}
