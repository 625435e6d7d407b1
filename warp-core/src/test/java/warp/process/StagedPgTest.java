package warp.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.sandbox.Comparison;
import warp.sandbox.SmallDisk;
import warp.sandbox.WriteLoad;
import warp.testing.Seed;

/** Rows go through files: whatever becomes of the process, the files or the disk, none is lost. */
@Timeout(240)
class StagedPgTest {

    private static final String ALL_READ = "All rows are read";

    /** Only a failing test waits so long. */
    private static final Duration SLOWLY = Duration.ofMinutes(3);

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

    private Path dump() {
        return folder.resolve("dump");
    }

    private WarpChild warp(MovedDatabase moved, String... more) {
        return moved.warp(
                Stream.concat(Stream.of("--yes", "--tmp-dir", "dump"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static void finishes(WarpChild warp) {
        assertThat(warp.exitCode()).as(warp.toString()).isZero();
    }

    /** Rows that do not get smaller. */
    private static MovedDatabase withBulk(MovedDatabase moved, int megabytes) throws SQLException {
        moved.onBoth("CREATE TABLE public.bulk (id int PRIMARY KEY, noise bytea)");
        moved.source()
                .execute(
                        moved.name(),
                        "INSERT INTO public.bulk SELECT i, (SELECT string_agg(sha512((i * 1000 +"
                                + " j)::text::bytea), NULL) FROM generate_series(1, 512) j) FROM"
                                + " generate_series(1, "
                                + megabytes * 32
                                + ") i");
        return moved;
    }

    private List<Path> files(MovedDatabase moved) throws IOException {
        try (Stream<Path> files = Files.list(dump().resolve(moved.name()))) {
            return files.filter(file -> file.toString().endsWith(".rows")).toList();
        }
    }

    @Test
    void underLoad_everyTableArrives_andNothingIsLeftOfTheFiles() throws Exception {
        long seed = Seed.of(StagedPgTest.class);
        MovedDatabase moved = withBulk(servers.database(folder), 30);
        try (Connection one = moved.source().connect(moved.name());
                Connection other = moved.destination().connect(moved.name())) {
            WriteLoad.createSchema(one, "18");
            WriteLoad.createSchema(other, "18");
            WriteLoad.fill(one, "18", seed);
        }
        try (WriteLoad load =
                        WriteLoad.builder("18", seed, () -> moved.source().connect(moved.name()))
                                .connections(2)
                                .pauseMillis(10)
                                .start();
                WarpChild warp =
                        warp(
                                moved,
                                "--tmp-dir-max=16MB",
                                "--parallel-dump=3",
                                "--parallel-restore=2")) {
            warp.awaitLine("with 3 readers and 2 writers, by way of " + dump());
            warp.awaitLine(ALL_READ);
            warp.awaitLine("Started replication");
            load.awaitCommits(load.commits() + 20, WarpChild.PATIENCE);
            warp.signal("TERM");
            assertThat(warp.exitCode()).isEqualTo(143);
        }
        assertThat(dump().resolve(moved.name())).doesNotExist();
        assertThat(moved.finishAndCompare()).as("seed " + seed).satisfies(this::isEqual);
    }

    @Test
    void killedWhenAllIsRead_loadsTheFilesThatAreLeft() throws Exception {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp = warp(moved)) {
            warp.awaitLine(ALL_READ);
            moved.awaitWarpAt(MovedDatabase.COPY);
            assertThat(
                            moved.rows(
                                    moved.source(),
                                    "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid ="
                                            + " l.relation WHERE c.relname IN ('gated', 'kind')"))
                    .as("locks at the source")
                    .containsExactly("0");
            warp.kill();
            assertThat(gate.isClosed()).isFalse();
        }
        assertThat(files(moved)).isNotEmpty();
        moved.source()
                .execute(
                        moved.name(),
                        "UPDATE public.gated SET kind = 1 WHERE id % 7 = 0",
                        "DELETE FROM public.gated WHERE id % 11 = 0");
        try (WarpChild warp = warp(moved, "--until", "copied")) {
            warp.awaitLine("Loading what " + dump().resolve(moved.name()) + " holds");
            finishes(warp);
        }
        assertThat(moved.rows(moved.destination(), "SELECT count(*) FROM gated WHERE id % 11 = 0"))
                .as("as of the first snapshot")
                .containsExactly("909");
        assertThat(dump().resolve(moved.name())).doesNotExist();
        assertThat(moved.finishAndCompare()).satisfies(this::isEqual);
    }

    @Test
    void restoreOnly_loadsWithoutTheSource_andSkipInitialSyncGoesOn() throws Exception {
        try (ProcessPair pair = new ProcessPair()) {
            MovedDatabase moved = pair.database(folder).withGatedTable();
            try (WarpChild warp = warp(moved, "--restore-only")) {
                assertThat(warp.exitCode()).isEqualTo(6);
                assertThat(warp.err().getFirst()).contains("there is nothing to load from ");
            }
            try (Connection gate = moved.shut(MovedDatabase.COPY);
                    WarpChild warp = warp(moved)) {
                warp.awaitLine(ALL_READ);
                moved.awaitWarpAt(MovedDatabase.COPY);
                warp.kill();
                assertThat(gate.isClosed()).isFalse();
            }
            moved.source().execute(moved.name(), "DELETE FROM public.gated WHERE id % 11 = 0");
            pair.source().stop();
            try (WarpChild warp = warp(moved, "--restore-only")) {
                finishes(warp);
                assertThat(warp.toString())
                        .contains("All rows of the files are loaded.")
                        .contains("with --skip-initial-sync instead");
            }
            assertThat(moved.rows(moved.destination(), "SELECT indexname FROM pg_indexes"))
                    .contains("gated_gate", "gated_pkey", "kind_pkey");
            try (WarpChild warp = warp(moved, "--restore-only")) {
                finishes(warp);
                assertThat(warp.toString()).contains("All rows of the files are loaded.");
            }
            pair.source().start();
            try (WarpChild warp = warp(moved, "--skip-initial-sync", "--until", "caught-up")) {
                finishes(warp);
            }
            assertThat(moved.compare()).satisfies(this::isEqual);
        }
    }

    @Test
    void killedWhileReading_loadsWhatIsWhole_andCopiesTheRest() throws Exception {
        MovedDatabase moved = withBulk(servers.database(folder), 24).withGatedTable();
        moved.destination()
                .execute(
                        moved.name(),
                        "ALTER TABLE public.bulk ADD CHECK (public.gate(1, id) = id)");
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp = warp(moved, "--tmp-dir-max=16MB", "--parallel-restore=1")) {
            warp.awaitLine("; reading waits: no more than 16 MB by --tmp-dir-max), 0 of ");
            warp.kill();
            assertThat(gate.isClosed()).isFalse();
        }
        try (WarpChild warp = warp(moved, "--restore-only")) {
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(6);
            assertThat(warp.err().getFirst()).contains("not all rows had been read into files");
        }
        moved.source().execute(moved.name(), "DELETE FROM public.bulk WHERE id % 3 = 0");
        try (WarpChild warp = warp(moved, "--until", "caught-up")) {
            warp.awaitLine("Loading what " + dump().resolve(moved.name()) + " holds");
            warp.awaitLine("Kept: ");
            assertThat(warp.exitCode(SLOWLY)).as(warp.toString()).isZero();
        }
        assertThat(moved.compare()).satisfies(this::isEqual);
        assertThat(dump().resolve(moved.name())).doesNotExist();
    }

    @Test
    void killedWhenAllIsRead_withADamagedFile_copiesThatTableAgain() throws Exception {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp = warp(moved)) {
            warp.awaitLine(ALL_READ);
            warp.kill();
            assertThat(gate.isClosed()).isFalse();
        }
        List<Path> files = files(moved);
        assertThat(files).isNotEmpty();
        byte[] bytes = Files.readAllBytes(files.getFirst());
        bytes[bytes.length / 2] ^= 1;
        Files.write(files.getFirst(), bytes);
        moved.source().execute(moved.name(), "DELETE FROM public.gated WHERE id % 3 = 0");
        try (WarpChild warp = warp(moved, "--until", "caught-up")) {
            assertThat(warp.exitCode(SLOWLY)).as(warp.toString()).isZero();
            assertThat(warp.toString())
                    .contains(files.getFirst().getFileName() + " is damaged: the checksum of")
                    .contains("the source's snapshot is gone");
        }
        assertThat(moved.compare()).satisfies(this::isEqual);
        assertThat(dump().resolve(moved.name())).doesNotExist();
    }

    @Test
    void diskThatIsFullOrReadOnly_isNamed_andTheSameCommandGoesOnElsewhere() throws Exception {
        assumeTrue(SmallDisk.missing().isEmpty(), () -> SmallDisk.missing().orElse(""));
        MovedDatabase moved = withBulk(servers.database(folder), 24).withGatedTable();
        try (SmallDisk disk = SmallDisk.mount(6 << 20);
                Connection gate = moved.shut(MovedDatabase.COPY)) {
            String there = disk.path().toString();
            try (WarpChild warp = moved.warp("--yes", "--tmp-dir", there)) {
                assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(6);
                assertThat(warp.toString())
                        .contains("the disk may get full")
                        .contains("the disk of this machine is full")
                        .contains("HINT: See what takes the room: df -h " + there)
                        .contains("--tmp-dir-max=SIZE");
            }
            assertThat(gate.isClosed()).isFalse();
            remount(there, "ro");
            try (WarpChild warp = moved.warp("--yes", "--tmp-dir", there)) {
                assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(2);
                assertThat(warp.err().getFirst()).contains(there).contains("cannot be");
            }
            remount(there, "rw");
        }
        try (WarpChild warp = warp(moved, "--until", "caught-up")) {
            finishes(warp);
        }
        assertThat(moved.compare()).satisfies(this::isEqual);
    }

    private static void remount(String disk, String how) throws Exception {
        Process mount =
                new ProcessBuilder("mount", "-o", "remount," + how, disk).inheritIO().start();
        assertThat(mount.waitFor()).isZero();
    }

    @Test
    void filesOfAnotherCopy_areRefused_andCleanFullRemovesThem() throws Exception {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp = warp(moved)) {
            warp.awaitLine(ALL_READ);
            warp.kill();
            assertThat(gate.isClosed()).isFalse();
        }
        try (WarpChild warp = warp(moved, "--clean")) {
            finishes(warp);
            assertThat(warp.toString()).contains("is left; --clean-full removes it.");
        }
        for (String task : List.of("--testing", "--until=copied")) {
            try (WarpChild warp = warp(moved, task)) {
                assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(6);
                assertThat(warp.err().getFirst())
                        .contains("holds the rows of an earlier copy")
                        .contains("of which the destination knows nothing");
            }
        }
        try (WarpChild warp = moved.warp("--tmp-dir", "dump", "--clean-full")) {
            warp.awaitLine("Remove " + dump().resolve(moved.name()) + "?").type("yes");
            finishes(warp);
        }
        assertThat(dump().resolve(moved.name())).doesNotExist();
        try (WarpChild warp = warp(moved, "--until", "caught-up")) {
            finishes(warp);
        }
        assertThat(moved.compare()).satisfies(this::isEqual);
    }

    private void isEqual(Comparison comparison) {
        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.rows()).isPositive();
    }
}
