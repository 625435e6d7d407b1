package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.NetworkProxy;
import warp.sandbox.NetworkProxy.Direction;
import warp.sandbox.PostgresServer;
import warp.sandbox.WriteLoad;
import warp.testing.Seed;

/**
 * Networks that break at random, on both sides, while a database under load moves: whatever breaks
 * where, both sides are equal in the end, and Warp goes on by itself or when it is run again.
 */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkProperty {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int FAULTS = Integer.getInteger("warp.faults", 60);

    /** Far enough for a fault to meet any message of a copy or of a batch. */
    private static final int FAULT_BYTES_MAX = 200_000;

    private static final int COMMITS_BETWEEN_FAULTS = 15;
    private static final int STARTS_MAX = 40;

    private PostgresServer source;
    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        source = PostgresServer.start("17");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    @Test
    void brokenNetworks_loseNothingAndDoubleNothing() throws Exception {
        long seed = Seed.of(NetworkProperty.class);
        SplittableRandom random = new SplittableRandom(seed);
        try (Move move = Move.between(source, destination, directory);
                NetworkProxy near = NetworkProxy.to(source.port());
                NetworkProxy far = NetworkProxy.to(destination.port())) {
            prepare(move, seed);
            move.through(near, far);
            try (WriteLoad load = load(move, seed).start()) {
                runThroughFaults(move, load, random, List.of(near, far));
            }
            near.calm();
            far.calm();
            String printed = move.catchUp();
            assertThat(printed).contains("Reached ");
            move.assertEqual("load");
            move.run("--clean");
            assertThat(move.askDestination("SELECT to_regnamespace('warp') IS NULL"))
                    .isEqualTo("t");
        }
    }

    private WriteLoad.Builder load(Move move, long seed) {
        return WriteLoad.builder(source.version(), seed, move::source)
                .pauseMillis(3)
                .hugeTransaction(true);
    }

    private void prepare(Move move, long seed) throws SQLException {
        try (Connection from = move.source();
                Connection to = move.destination()) {
            WriteLoad.createSchema(from, source.version());
            WriteLoad.createSchema(to, source.version());
            WriteLoad.fill(from, source.version(), seed);
        }
    }

    /** Breaks the networks again and again; runs Warp again whenever it has given up. */
    private static void runThroughFaults(
            Move move, WriteLoad load, SplittableRandom random, List<NetworkProxy> networks)
            throws Exception {
        int faults = 0;
        for (int starts = 0; starts < STARTS_MAX && faults < FAULTS; starts++) {
            try (WarpCommand warp = move.start("--yes")) {
                while (faults < FAULTS && !warp.hasEnded()) {
                    NetworkProxy network = networks.get(random.nextInt(networks.size()));
                    disturb(network, random);
                    faults++;
                    load.awaitCommits(load.commits() + COMMITS_BETWEEN_FAULTS, PATIENCE);
                    calmMostly(network, random);
                }
                if (warp.hasEnded()) {
                    assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.UNREACHABLE);
                } else {
                    assertThat(warp.terminate()).as(warp.printed()).isEqualTo(ExitCode.TERMINATED);
                }
            }
        }
        assertThat(faults).isEqualTo(FAULTS);
    }

    /** What was armed and has not happened yet may still come, and meet another fault. */
    private static void calmMostly(NetworkProxy network, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            network.speakAgain();
            network.acceptConnections();
        } else {
            network.calm();
        }
    }

    private static void disturb(NetworkProxy network, SplittableRandom random) {
        switch (random.nextInt(7)) {
            case 0 -> network.cut();
            case 1 -> network.reset();
            case 2 -> network.fallSilent();
            case 3 -> {
                network.refuseConnections();
                network.reset();
            }
            case 4 -> network.delay(Duration.ofMillis(random.nextInt(1, 30)));
            case 5 -> network.resetAfter(Direction.TO_SERVER, random.nextInt(1, FAULT_BYTES_MAX));
            default -> network.resetAfter(Direction.TO_CLIENT, random.nextInt(1, FAULT_BYTES_MAX));
        }
    }
}
