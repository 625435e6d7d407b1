package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.copy.staging.Manifest;
import warp.copy.staging.Manifest.StagedTable;
import warp.copy.staging.StagedFiles;
import warp.copy.staging.StagedMigration;
import warp.copy.staging.StagingDirectory;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.plan.Range;
import warp.sandbox.PostgresServer;

/** Rows that go through files arrive as those that do not, whatever becomes of the files. */
@Timeout(100)
class StagedCopyPgTest {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final StagedMigration MIGRATION = new StagedMigration("1", "db", "scene");

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer source;

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer destination;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        source = PostgresServer.start("17");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    static void stop() {
        source.close();
        destination.close();
    }

    private static CopyScene scene() throws SQLException {
        return CopyScene.between(source, destination, "staged_" + DATABASES.incrementAndGet());
    }

    /** A table in ten chunks, one of odd names and types, one without a row. */
    private static void fill(CopyScene scene) throws SQLException {
        scene.atBoth(
                "CREATE TABLE pages (id int PRIMARY KEY, v int, pad text)",
                "CREATE TABLE \"Täble; \"\"2\"\"\" (\"Cölumn\" int, j jsonb, b bytea, twice int"
                        + " GENERATED ALWAYS AS (\"Cölumn\" * 2) STORED)",
                "CREATE TABLE empty (a int)",
                "CREATE TABLE columnless ()");
        scene.atSource(
                "INSERT INTO pages SELECT i, i % 7, md5(i::text) || repeat('x', 60) FROM"
                        + " generate_series(1, 30000) i",
                "INSERT INTO \"Täble; \"\"2\"\"\" SELECT i, to_jsonb(i),"
                    + " decode(repeat(md5(i::text), 40), 'hex') FROM generate_series(1, 2000) i",
                "INSERT INTO columnless SELECT FROM generate_series(1, 7)");
    }

    private static List<Chunk> chunks(List<TablePair> pairs) {
        List<Chunk> chunks = new ArrayList<>();
        for (TablePair pair : pairs) {
            long pages = pair.source().heapPages();
            int pieces = pair.name().name().equals("pages") ? 10 : 1;
            for (int i = 0; i < pieces; i++) {
                long to = i == pieces - 1 ? Range.Pages.OPEN : pages * (i + 1) / pieces;
                Optional<Range> range =
                        pieces == 1
                                ? Optional.empty()
                                : Optional.of(new Range.Pages(pages * i / pieces, to));
                chunks.add(new Chunk(pair.name(), i, range, pair.source().bytes() / pieces));
            }
        }
        return chunks;
    }

    private StagedFiles files(CopyScene scene, List<Chunk> chunks, long bytesMax) {
        List<StagedTable> tables =
                scene.pairs().stream()
                        .map(pair ->
                                new StagedTable(
                                        pair.name(),
                                        pair.name(),
                                        false,
                                        pair.source().bytes(),
                                        (int)
                                                chunks.stream()
                                                        .filter(it ->
                                                                it.table().equals(pair.name()))
                                                        .count()))
                        .toList();
        return StagingDirectory.open(folder, "scene")
                .begin(
                        new Manifest(MIGRATION, CopyScene.COPIED_LSN, false, tables),
                        bytesMax,
                        scene.progress);
    }

    private List<String> names() throws IOException {
        try (var names = Files.list(folder.resolve("scene"))) {
            return names.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void rowsOfTheSnapshotArrive_whileReadersWaitForRoom() throws Exception {
        try (CopyScene scene = scene()) {
            fill(scene);
            List<Chunk> chunks = chunks(scene.pairs());
            scene.takeSnapshot();
            List<String> before =
                    scene.sourceLines("SELECT t::text AS line FROM public.pages t ORDER BY 1");
            scene.atSource("UPDATE pages SET v = -1", "DELETE FROM \"Täble; \"\"2\"\"\"");
            StagedFiles files = files(scene, chunks, 300_000);
            AtomicLong most = new AtomicLong();
            AtomicInteger read = new AtomicInteger();
            Copier copier =
                    scene.stagedCopier(
                            scene.pairs(),
                            chunks,
                            1,
                            _ -> most.accumulateAndGet(scene.progress.stagedBytes.get(), Math::max),
                            new Staged(files, 4, read::incrementAndGet));

            scene.run(copier);

            assertThat(
                            scene.destinationLines(
                                    "SELECT t::text AS line FROM public.pages t ORDER BY 1"))
                    .isEqualTo(before);
            assertThat(
                            scene.destinationLines(
                                    "SELECT count(*) || ' ' || sum(twice) AS line FROM"
                                            + " public.\"Täble; \"\"2\"\"\""))
                    .containsExactly("2000 4002000");
            assertThat(
                            scene.destinationLines(
                                    "SELECT count(*)::text AS line FROM public.columnless"))
                    .containsExactly("7");
            assertThat(scene.tableState("pages")).isEqualTo("COPIED at 1/2345678");
            assertThat(read).hasValue(1);
            assertThat(files.manifest().complete()).isTrue();
            assertThat(names()).containsExactly("lock", "manifest");
            assertThat(scene.progress.stagedBytes.get()).isZero();
            assertThat(scene.progress.readersWaiting.get()).isZero();
            // At most one chunk more than the limit: the largest takes some 200 kB.
            assertThat(most.get()).isBetween(150_000L, 600_000L);
        }
    }

    /** Locks a table of the destination, so that whoever loads it waits. */
    private static Connection locked(String table) throws SQLException {
        Connection holder = destination.connect("staged_" + DATABASES.get());
        holder.setAutoCommit(false);
        try (var statement = holder.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        }
        return holder;
    }

    private void damage(StagedFiles files, TablePair pair, int chunk) throws IOException {
        Path file = files.file(pair.name(), chunk);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
    }

    private static TablePair pair(CopyScene scene, String name) {
        return scene.pairs().stream()
                .filter(it -> it.name().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void fileThatIsDamagedOrGone_isReadAgain_whileTheSnapshotIsThere() throws Exception {
        try (CopyScene scene = scene();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fill(scene);
            List<Chunk> chunks = chunks(scene.pairs());
            TablePair pages = pair(scene, "pages");
            StagedFiles files = files(scene, chunks, Long.MAX_VALUE);
            CountDownLatch repaired = new CountDownLatch(1);
            // Once so many chunks are read, the readers wait in the middle of others.
            int enough = 10;
            Copier copier =
                    scene.stagedCopier(
                            scene.pairs(),
                            chunks,
                            2,
                            _ -> {
                                if (scene.progress.chunksRead.sum() >= enough) {
                                    awaitLatch(repaired);
                                }
                            },
                            new Staged(files, 2, () -> {}));
            Connection lock = locked("public.pages");
            Future<?> copying = threads.submit(() -> scene.run(copier));
            await(() -> scene.progress.chunksRead.sum() >= enough);
            for (int chunk = 0; chunk < 10; chunk++) {
                if (files.has(pages.name(), chunk)) {
                    if (chunk % 2 == 0) {
                        damage(files, pages, chunk);
                    } else {
                        Files.delete(files.file(pages.name(), chunk));
                    }
                }
            }
            lock.rollback();
            lock.close();
            // Every chunk is loaded, or found out, before the readers go on.
            await(() ->
                    marked(scene)
                                    + scene.log.lines.stream()
                                            .filter(it -> it.contains("read again"))
                                            .count()
                            >= 10);
            repaired.countDown();
            copying.get(120, TimeUnit.SECONDS);

            assertThat(scene.log.lines)
                    .anyMatch(line ->
                            line.matches(
                                    "(?s).*chunk \\d of public.pages: .*\\d.\\d.rows is"
                                            + " missing; it is read again from the source.*"));
            assertThat(scene.log.lines)
                    .anyMatch(line ->
                            line.contains(
                                    "is damaged: the checksum of frame 1 is wrong; it is read"
                                            + " again from the source"));
            String content = "SELECT t::text AS line FROM public.pages t ORDER BY 1";
            assertThat(scene.destinationLines(content)).isEqualTo(scene.sourceLines(content));
            assertThat(scene.compare().differences()).isEmpty();
        }
    }

    private static long marked(CopyScene scene) {
        return Long.parseLong(
                scene.destinationLines(
                                "SELECT count(*)::text AS line FROM warp.chunk WHERE table_name ="
                                        + " 'pages'")
                        .getFirst());
    }

    @Test
    void afterEverythingIsRead_loadingNeedsNoSource_andADamagedFileIsNamed() throws Exception {
        try (CopyScene scene = scene();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fill(scene);
            List<Chunk> chunks = chunks(scene.pairs());
            TablePair pages = pair(scene, "pages");
            StagedFiles files = files(scene, chunks, Long.MAX_VALUE);
            CountDownLatch read = new CountDownLatch(1);
            Copier first =
                    scene.stagedCopier(
                            scene.pairs(),
                            chunks,
                            1,
                            _ -> {},
                            new Staged(files, 2, read::countDown));
            Connection lock = locked("public.pages");
            Future<?> copying = threads.submit(() -> scene.run(first));
            assertThat(read.await(120, TimeUnit.SECONDS)).isTrue();
            assertThat(sessionsAt(source)).as("sessions at the source").isZero();
            first.stop();
            assertThat(code(copying)).isEqualTo(ErrorCode.INTERRUPTED);
            lock.rollback();
            lock.close();

            scene.dropSnapshot();
            scene.atSource("UPDATE pages SET v = -1");
            damage(files, pages, 3);
            Files.delete(files.file(pages.name(), 4));
            // What is whole is loaded, without a look at the source; the rest is named.
            scene.run(resumed(scene, chunks, files));
            assertThat(scene.log.lines)
                    .anyMatch(line ->
                            line.contains("chunk 3 of public.pages: ")
                                    && line.contains("frame 1 is wrong, and the source's snapshot"))
                    .anyMatch(line ->
                            line.contains("chunk 4 of public.pages: ")
                                    && line.contains("is missing, and the source's snapshot"));
            assertThat(scene.tableState("pages")).doesNotStartWith("COPIED");
            assertThat(names()).containsExactly("lock", "manifest");
            assertThat(scene.destinationLines("SELECT min(v)::text AS line FROM public.pages"))
                    .containsExactly("0");
            assertThat(scene.destinationLines("SELECT count(*)::text AS line FROM warp.chunk"))
                    .containsExactly(String.valueOf(chunks.size() - 2));
        }
    }

    @Test
    void fileThatIsDamagedWhenNobodyReadsAnyMore_costsOnlyItsChunk() throws Exception {
        try (CopyScene scene = scene();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fill(scene);
            List<Chunk> chunks = chunks(scene.pairs());
            StagedFiles files = files(scene, chunks, Long.MAX_VALUE);
            TablePair pages = pair(scene, "pages");
            CountDownLatch read = new CountDownLatch(1);
            Copier copier =
                    scene.stagedCopier(
                            scene.pairs(),
                            chunks,
                            1,
                            _ -> {},
                            new Staged(files, 2, read::countDown));
            Connection lock = locked("public.pages");
            Future<?> copying = threads.submit(() -> scene.run(copier));
            assertThat(read.await(90, TimeUnit.SECONDS)).isTrue();
            damage(files, pages, 7);
            lock.rollback();
            lock.close();

            assertThat(code(copying)).isEqualTo(ErrorCode.TRANSIENT);
            assertThat(scene.destinationLines("SELECT count(*)::text AS line FROM warp.chunk"))
                    .containsExactly(String.valueOf(chunks.size() - 1));
        }
    }

    private static Copier resumed(CopyScene scene, List<Chunk> chunks, StagedFiles files)
            throws SQLException {
        return scene.stagedCopier(
                scene.pairs(),
                chunks,
                2,
                _ -> {
                    throw new AssertionError("read from the source");
                },
                Staged.toLoad(files));
    }

    private static ErrorCode code(Future<?> copying) throws Exception {
        try {
            copying.get(60, TimeUnit.SECONDS);
            throw new AssertionError("it was not stopped");
        } catch (ExecutionException ended) {
            if (ended.getCause() instanceof WarpException problem) {
                return problem.code();
            }
            throw ended;
        }
    }

    private static int sessionsAt(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect("postgres");
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT count(*) FROM pg_stat_activity WHERE application_name = '"
                                        + CopyScene.APPLICATION
                                        + "' AND datname = 'staged_"
                                        + DATABASES.get()
                                        + "'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(120, TimeUnit.SECONDS)) {
                throw new AssertionError("it never came");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
