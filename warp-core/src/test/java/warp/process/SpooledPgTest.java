package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.sandbox.Comparison;
import warp.sandbox.PostgresServer;
import warp.sandbox.WriteLoad;
import warp.testing.Seed;

/**
 * {@code --spool-dir}: while the copy is held up, the source may forget its log, and whatever dies
 * or gets lost then, both sides end equal or Warp says what is missing.
 */
class SpooledPgTest {

    private static final int KILLS = 3;

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

    private static String position(MovedDatabase moved) throws SQLException {
        String function =
                moved.source().version().equals("9.6")
                        ? "pg_current_xlog_location()"
                        : "pg_current_wal_lsn()";
        return moved.rows(moved.source(), "SELECT " + function).getFirst();
    }

    /** Waits until the source may forget everything that has happened until now. */
    private static void awaitForgotten(MovedDatabase moved) throws SQLException {
        moved.await(
                moved.source(),
                "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots WHERE slot_name = '%s'"
                        .formatted(position(moved), moved.name()));
    }

    private MovedDatabase loaded(PostgresServer from, String name, long seed) throws SQLException {
        MovedDatabase moved = MovedDatabase.create(from, destination, name, folder);
        try (Connection one = from.connect(name);
                Connection other = destination.connect(name)) {
            WriteLoad.createSchema(one, from.version());
            WriteLoad.createSchema(other, from.version());
            WriteLoad.fill(one, from.version(), seed);
        }
        return moved.withGatedTable();
    }

    private static WriteLoad load(MovedDatabase moved, long seed) {
        return WriteLoad.builder(
                        moved.source().version(), seed, () -> moved.source().connect(moved.name()))
                .connections(2)
                .pauseMillis(40)
                .start();
    }

    private static void open(Connection gate) throws SQLException {
        try (Statement statement = gate.createStatement()) {
            statement.execute("SELECT pg_advisory_unlock_all()");
        }
    }

    private Path spools() {
        return folder.resolve("spools");
    }

    private List<Path> files() throws IOException {
        if (!Files.exists(spools())) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(spools())) {
            return all.filter(file -> file.toString().endsWith(".spool")).sorted().toList();
        }
    }

    private static void isEqual(Comparison comparison) {
        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.rows()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void copyIsHeldUp_sourceForgetsWhatIsSpooled(String version) throws Exception {
        long seed = Seed.of(SpooledPgTest.class);
        try (PostgresServer other = version.equals("18") ? null : PostgresServer.start(version)) {
            PostgresServer from = other == null ? source : other;
            MovedDatabase moved = loaded(from, "held_up_" + from.version().replace('.', '_'), seed);
            try (Connection gate = moved.shut(MovedDatabase.COPY);
                    WarpChild warp = moved.warp("--yes", "--spool-dir", "spools")) {
                moved.awaitWarpAt(MovedDatabase.COPY);
                warp.awaitLine("Spooling changes to " + spools());
                try (WriteLoad load = load(moved, seed)) {
                    load.awaitCommits(60, WarpChild.PATIENCE);
                }
                awaitForgotten(moved);
                assertThat(files()).isNotEmpty();
                warp.awaitLine(", spool: ");
                open(gate);
                warp.awaitLine("Applying what was spooled");
                warp.awaitLine("All that was spooled is applied; the spool is removed.");
                assertThat(spools()).isEmptyDirectory();
                assertThat(moved.rows(destination, "SELECT id FROM warp.spool")).isEmpty();
                warp.signal("TERM");
                assertThat(warp.exitCode()).isEqualTo(143);
            }
            assertThat(moved.finishAndCompare())
                    .as("seed " + seed)
                    .satisfies(SpooledPgTest::isEqual);
        }
    }

    @Test
    void serversThatGoWhileSpooling_areWaitedFor() throws Exception {
        long seed = Seed.of(SpooledPgTest.class);
        MovedDatabase moved = loaded(source, "restarted", seed);
        try (Connection gate = moved.shut(MovedDatabase.INDEX);
                WarpChild warp = moved.warp("--yes", "--spool-dir", "spools")) {
            moved.awaitWarpAt(MovedDatabase.INDEX);
            source.execute(
                    moved.name(),
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE"
                            + " slot_name = '"
                            + moved.name()
                            + "'");
            warp.awaitLine("Spooling is interrupted: source: ");
            source.execute(moved.name(), "UPDATE public.gated SET kind = 1 WHERE id % 3 = 0");
            awaitForgotten(moved);
            open(gate);
            warp.awaitLine("the spool is removed");
        }
        assertThat(moved.finishAndCompare()).satisfies(SpooledPgTest::isEqual);
    }

    @Test
    void limitReached_isSaidAndTheSlotHoldsTheRest() throws Exception {
        MovedDatabase moved = loaded(source, "limited", Seed.of(SpooledPgTest.class));
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp =
                        moved.warp("--yes", "--spool-dir", "spools", "--spool-max", "1MB")) {
            moved.awaitWarpAt(MovedDatabase.COPY);
            // Hardly to be compressed.
            for (int i = 0; i < 4; i++) {
                source.execute(
                        moved.name(),
                        "INSERT INTO public.gated SELECT 20000 + g + 5000 * "
                                + i
                                + ", 1, md5(random()::text) || md5(random()::text) ||"
                                + " md5(random()::text) FROM generate_series(1, 5000) g");
            }
            warp.awaitLine("Spooling ends: the spool has reached its limit of 1 MB. Slot limited");
            open(gate);
            warp.awaitLine("Applying what was spooled");
            warp.awaitLine("the spool is removed");
        }
        assertThat(moved.finishAndCompare()).satisfies(SpooledPgTest::isEqual);
    }

    @Test
    void spoolThatIsGoneOrElsewhereOrDamaged_isSaidAndNothingIsReplicated() throws Exception {
        MovedDatabase moved = loaded(source, "lost", Seed.of(SpooledPgTest.class));
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp =
                        moved.warp(
                                "--yes",
                                "--spool-dir",
                                "spools",
                                "--spool-max",
                                "1MB",
                                "--until",
                                "copied")) {
            moved.awaitWarpAt(MovedDatabase.COPY);
            source.execute(
                    moved.name(),
                    "UPDATE public.gated SET filler = md5(id::text)",
                    "UPDATE public.gated SET kind = 2 WHERE id < 500");
            awaitForgotten(moved);
            open(gate);
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        Path last = files().getLast();
        Path own = Objects.requireNonNull(last.getParent());
        byte[] content = Files.readAllBytes(last);
        // Half of the newest file.
        Files.write(last, Arrays.copyOf(content, content.length / 2));
        refuses(moved, "which holds only those from", "Bring the missing files back");
        Files.write(last, content);
        // Another folder in its place.
        Path aside = folder.resolve("aside");
        Files.move(own, aside);
        refuses(moved, "which is gone or unreadable", "--clean");
        Files.createDirectories(own);
        refuses(moved, "which is gone or unreadable", "--clean");
        Files.delete(own);
        // On another machine.
        destination.execute(moved.name(), "UPDATE warp.spool SET host = 'elsewhere'");
        refuses(moved, "on host elsewhere", "Run the same command on elsewhere.");
        // Brought here, to another place.
        Path here = folder.resolve("here");
        Files.createDirectories(here);
        Files.move(aside, here.resolve(own.getFileName()));
        try (WarpChild warp = moved.warp("--spool-dir", "here", "--until", "caught-up")) {
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        assertThat(moved.compare()).satisfies(SpooledPgTest::isEqual);
        assertThat(here).isEmptyDirectory();
    }

    private static void refuses(MovedDatabase moved, String what, String hint) {
        try (WarpChild warp = moved.warp("--spool-dir", "spools").closeInput()) {
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(6);
            assertThat(String.join("\n", warp.err()))
                    .contains("ERROR: ")
                    .contains("the changes from ")
                    .contains(what)
                    .contains("HINT: ")
                    .contains(hint);
        }
    }

    @Test
    void clean_removesTheSpool() throws Exception {
        MovedDatabase moved = loaded(source, "cleaned", Seed.of(SpooledPgTest.class));
        try (WarpChild warp = moved.warp("--yes", "--spool-dir", "spools", "--until", "copied")) {
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        assertThat(files()).isNotEmpty();
        try (WarpChild warp = moved.warp("--clean")) {
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        assertThat(spools()).isEmptyDirectory();
    }

    @Test
    void folderThatCannotBeWritten_isSaidBeforeAnythingIsDone() throws Exception {
        MovedDatabase moved = loaded(source, "unwritable", Seed.of(SpooledPgTest.class));
        Files.createFile(folder.resolve("spools"));
        try (WarpChild warp = moved.warp("--yes", "--spool-dir", "spools")) {
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(2);
            assertThat(String.join("\n", warp.err()))
                    .contains("nothing can be written to the spool's folder " + spools());
        }
        assertThat(moved.catalogs()).noneMatch(line -> line.contains("warp"));
    }

    @Test
    void killedWhileDrainingAndApplying_losesAndDoublesNothing() throws Exception {
        long seed = Seed.of(SpooledPgTest.class);
        SplittableRandom random = new SplittableRandom(seed);
        MovedDatabase moved = loaded(source, "killed_spooling", seed);
        String[] switches = {"--yes", "--spool-dir", "spools", "--spool-max", "40MB"};
        try (WriteLoad load = load(moved, seed)) {
            try (Connection gate = moved.shut(MovedDatabase.INDEX)) {
                try (WarpChild warp = moved.warp(switches)) {
                    warp.awaitLine("Spooling changes to");
                    moved.awaitWarpAt(MovedDatabase.INDEX);
                    load.awaitCommits(load.commits() + random.nextInt(60), WarpChild.PATIENCE);
                    warp.kill();
                }
                source.killHard();
                source.start();
                assertThat(gate.isClosed()).isFalse();
            }
        } catch (warp.sandbox.SandboxException sourceWasKilled) {
            // The load ends with its server.
        }
        try (WriteLoad load = load(moved, seed + 1)) {
            for (int kill = 0; kill < KILLS; kill++) {
                long commits = load.commits();
                try (WarpChild warp = moved.warp(switches)) {
                    warp.awaitLine("Started replication");
                    assertThat(warp.survives(random.nextInt(300))).as(warp.toString()).isTrue();
                    warp.kill();
                }
                load.awaitCommits(commits + 1, WarpChild.PATIENCE);
            }
        }
        assertThat(moved.finishAndCompare()).as("seed " + seed).satisfies(SpooledPgTest::isEqual);
        assertThat(spools()).isEmptyDirectory();
    }
}
