package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.plan.Range;
import warp.sandbox.PostgresServer;

class CopierPgTest {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer source;

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer destination;

    @BeforeAll
    static void start() {
        source = PostgresServer.start("18");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    static void stop() {
        source.close();
        destination.close();
    }

    private static CopyScene scene() throws SQLException {
        return CopyScene.between(source, destination, "copy_" + DATABASES.incrementAndGet());
    }

    @Test
    void tablesOfEveryShape_arriveWithAllTheirRows() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atSource(
                    "CREATE SCHEMA \"Ünïcode \"\" schema\"",
                    "CREATE TABLE \"Ünïcode \"\" schema\".\"Täble '; --\" (\"Cölumn \"\"\\\" int,"
                            + " \"select\" text)",
                    "INSERT INTO \"Ünïcode \"\" schema\".\"Täble '; --\" SELECT i, '☃' || i FROM"
                            + " generate_series(1, 100) i",
                    "CREATE TABLE generated (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c"
                            + " text)",
                    "INSERT INTO generated (a, c) SELECT i, 'c' || i FROM generate_series(1, 9)"
                            + " i",
                    "CREATE TABLE identity (a int GENERATED ALWAYS AS IDENTITY, b text)",
                    "INSERT INTO identity (b) VALUES ('x'), ('y')",
                    "CREATE TABLE dropped (a int, gone int, b text)",
                    "INSERT INTO dropped VALUES (1, 2, 'three')",
                    "ALTER TABLE dropped DROP COLUMN gone",
                    "CREATE TABLE reordered (a int, b text, c date)",
                    "INSERT INTO reordered VALUES (1, 'b', '2026-01-02')",
                    "CREATE TABLE parted (a int) PARTITION BY RANGE (a)",
                    "CREATE TABLE part_low PARTITION OF parted FOR VALUES FROM (MINVALUE) TO (10)",
                    "CREATE TABLE part_high PARTITION OF parted FOR VALUES FROM (10) TO (MAXVALUE)",
                    "INSERT INTO parted SELECT generate_series(1, 30)",
                    "CREATE TABLE parent (a int)",
                    "INSERT INTO parent VALUES (1)",
                    "CREATE TABLE child () INHERITS (parent)",
                    "INSERT INTO child VALUES (2)",
                    "CREATE TABLE empty (a int)",
                    "CREATE TABLE columnless ()",
                    "INSERT INTO columnless SELECT FROM generate_series(1, 7)",
                    "CREATE TABLE only_generated (a int GENERATED ALWAYS AS (1) STORED)",
                    "INSERT INTO only_generated SELECT FROM generate_series(1, 3)");
            scene.atDestination(
                    "CREATE SCHEMA \"Ünïcode \"\" schema\"",
                    "CREATE TABLE \"Ünïcode \"\" schema\".\"Täble '; --\" (\"Cölumn \"\"\\\" int,"
                            + " \"select\" text)",
                    "CREATE TABLE generated (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c"
                            + " text)",
                    "CREATE TABLE identity (a int GENERATED ALWAYS AS IDENTITY, b text)",
                    "CREATE TABLE dropped (a int, b text)",
                    "CREATE TABLE reordered (c date, extra int DEFAULT 42, b text, a int)",
                    "CREATE TABLE parted (a int) PARTITION BY RANGE (a)",
                    "CREATE TABLE part_low PARTITION OF parted FOR VALUES FROM (MINVALUE) TO (10)",
                    "CREATE TABLE part_high PARTITION OF parted FOR VALUES FROM (10) TO (MAXVALUE)",
                    "CREATE TABLE parent (a int)",
                    "CREATE TABLE child () INHERITS (parent)",
                    "CREATE TABLE empty (a int)",
                    "CREATE TABLE columnless ()",
                    "CREATE TABLE only_generated (a int GENERATED ALWAYS AS (1) STORED)");

            scene.copyWhole();

            for (TablePair pair : scene.pairs()) {
                String columns =
                        pair.source().columns().isEmpty()
                                ? "'row'"
                                : String.join(
                                        ", ",
                                        pair.source().columns().stream()
                                                .map(it -> quote(it.name()))
                                                .toList());
                String query =
                        "SELECT ROW(%s)::text AS line FROM ONLY %s.%s ORDER BY 1"
                                .formatted(
                                        columns,
                                        quote(pair.name().schema()),
                                        quote(pair.name().name()));
                assertThat(scene.destinationLines(query))
                        .as(pair.name().toString())
                        .isEqualTo(scene.sourceLines(query));
                assertThat(scene.tableState(pair.name().name().replace("'", "''")))
                        .isEqualTo("COPIED at 1/2345678");
            }
            assertThat(scene.destinationLines("SELECT extra AS line FROM public.reordered"))
                    .containsExactly("42");
            assertThat(scene.destinationLines("SELECT count(*) AS line FROM public.columnless"))
                    .containsExactly("7");
            assertThat(scene.progress.chunksDone.sum()).isEqualTo(scene.progress.chunksAll.get());
            assertThat(scene.progress.copiedRows.sum())
                    .isEqualTo(100 + 9 + 2 + 1 + 1 + 30 + 2 + 7 + 3);
        }
    }

    @Test
    void wholeEmptyTableThatIsNotSmall_isWrittenFrozen() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atBoth(
                    "CREATE EXTENSION pg_visibility",
                    "CREATE TABLE t (a int PRIMARY KEY)",
                    "CREATE TABLE small (a int PRIMARY KEY)",
                    "CREATE TABLE referenced (a int PRIMARY KEY)",
                    "CREATE TABLE referring (a int REFERENCES referenced)");
            scene.atSource(
                    "INSERT INTO t SELECT generate_series(1, 40000)",
                    "INSERT INTO small SELECT generate_series(1, 1000)",
                    "INSERT INTO referenced SELECT generate_series(1, 40000)",
                    "INSERT INTO referring SELECT generate_series(1, 40000)");

            scene.copyWhole();

            String frozen = "SELECT all_frozen > 0 AS line FROM public.pg_visibility_map_summary(";
            assertThat(scene.destinationLines(frozen + "'public.t')")).containsExactly("true");
            assertThat(scene.destinationLines(frozen + "'public.referring')"))
                    .containsExactly("true");
            assertThat(scene.destinationLines(frozen + "'public.small')")).containsExactly("false");
            assertThat(scene.destinationLines(frozen + "'public.referenced')"))
                    .containsExactly("false");
            assertThat(
                            scene.destinationLines(
                                    "SELECT count(*) AS line FROM public.referenced UNION ALL"
                                            + " SELECT count(*) FROM public.small"))
                    .containsExactly("40000", "1000");
        }
    }

    @Test
    void tableWithRowsOfSomebodyElse_isNeitherEmptiedNorMixed() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atBoth("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");

            WarpException problem = catchThrowableOfType(WarpException.class, scene::copyWhole);

            assertThat(problem.code()).isEqualTo(ErrorCode.STATE);
            assertThat(problem.report())
                    .contains("destination: copying public.t: the table has rows already")
                    .contains("TRUNCATE ONLY \"public\".\"t\"");
            assertThat(scene.destinationLines("SELECT a AS line FROM public.t"))
                    .containsExactly("1");
        }
    }

    @Test
    void chunksUnderConcurrentWrites_giveExactlyTheSnapshot() throws Exception {
        try (CopyScene scene = scene()) {
            scene.atBoth(
                    "CREATE TABLE pages (id int PRIMARY KEY, v int, pad text)",
                    "CREATE TABLE keys (k text, v int)");
            scene.atSource(
                    "INSERT INTO pages SELECT i, 0, repeat('x', 100) FROM generate_series(1,"
                            + " 20000) i",
                    "INSERT INTO keys SELECT nullif('k' || i % 50, 'k7'), i FROM"
                            + " generate_series(1, 5000) i");
            List<TablePair> pairs = scene.pairs();
            List<Chunk> chunks = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                var range = new Range.Pages(i * 30L, i == 9 ? Range.Pages.OPEN : i * 30L + 30);
                chunks.add(new Chunk(name(pairs, "pages"), i, Optional.of(range), 30 * 8192L));
            }
            String[] bounds = {null, "k1", "k2", "k30", "k49", null};
            for (int i = 0; i < 5; i++) {
                var range = new Range.Keys("k", bounds[i], bounds[i + 1]);
                chunks.add(new Chunk(name(pairs, "keys"), i, Optional.of(range), 8192));
            }
            String content = "SELECT t::text AS line FROM public.%s t ORDER BY 1";
            List<String> pages = scene.sourceLines(content.formatted("pages"));
            List<String> keys = scene.sourceLines(content.formatted("keys"));
            scene.takeSnapshot();
            scene.atSource("UPDATE pages SET v = 1", "DELETE FROM keys WHERE v % 3 = 0");
            AtomicReference<Throwable> failed = new AtomicReference<>();
            CountDownLatch copied = new CountDownLatch(1);
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (var session = source.connect(database(scene));
                                        var statement = session.createStatement()) {
                                    for (int i = 0; copied.getCount() > 0; i++) {
                                        statement.execute(
                                                "UPDATE pages SET v = v + 1 WHERE id % 97 ="
                                                        + " "
                                                        + i % 97);
                                        statement.execute("DELETE FROM pages WHERE id = " + i);
                                        statement.execute("INSERT INTO keys VALUES ('k3', -1)");
                                    }
                                } catch (SQLException problem) {
                                    failed.set(problem);
                                }
                            });

            scene.run(scene.copier(pairs, chunks, 3, FollowUp.NONE));

            copied.countDown();
            writer.join();
            assertThat(failed.get()).isNull();
            assertThat(scene.destinationLines(content.formatted("pages"))).isEqualTo(pages);
            assertThat(scene.destinationLines(content.formatted("keys"))).isEqualTo(keys);
            assertThat(scene.tableState("pages")).isEqualTo("COPIED at 1/2345678");
            assertThat(scene.tableState("keys")).isEqualTo("COPIED at 1/2345678");
            assertThat(scene.destinationLines("SELECT sum(rows) AS line FROM warp.chunk"))
                    .containsExactly("25000");
        }
    }

    @Test
    void chunkThatFails_leavesNeitherRowsNorMark() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atSource("CREATE TABLE t (a int, b text)");
            scene.atDestination("CREATE TABLE t (a int CONSTRAINT small CHECK (a < 900), b text)");
            scene.atSource("INSERT INTO t SELECT i, 'secret' FROM generate_series(1, 1000) i");

            WarpException problem = catchThrowableOfType(WarpException.class, scene::copyWhole);

            assertThat(problem.report())
                    .startsWith("destination: copying public.t: ")
                    .contains("violates check constraint \"small\" (SQLSTATE 23514)")
                    .doesNotContain("secret");
            assertThat(scene.destinationLines("SELECT a AS line FROM public.t")).isEmpty();
            assertThat(scene.destinationLines("SELECT number AS line FROM warp.chunk")).isEmpty();
            assertThat(scene.tableState("t")).isEqualTo("PLANNED");
        }
    }

    @Test
    void valueThatDoesNotFit_isNotQuotedInTheError() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atSource("CREATE TABLE t (a text)", "INSERT INTO t VALUES ('my secret')");
            scene.atDestination("CREATE TABLE t (a int)");

            WarpException problem = catchThrowableOfType(WarpException.class, scene::copyWhole);

            assertThat(problem.side()).contains(Side.DESTINATION);
            assertThat(problem.report())
                    .contains("invalid input syntax for type integer: \"…\"")
                    .doesNotContain("secret");
        }
    }

    @Test
    void snapshotThatIsGone_isSaidToBeGone() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atBoth("CREATE TABLE t (a int)");
            List<TablePair> pairs = scene.pairs();
            Copier copier = scene.copier(pairs, CopyScene.whole(pairs), 1, FollowUp.NONE);
            scene.dropSnapshot();

            assertThatThrownBy(() -> scene.run(copier))
                    .isInstanceOf(WarpException.class)
                    .hasMessageMatching("copying public.t: the snapshot \\S+ is gone");
        }
    }

    @Test
    void stopped_endsEveryStatementAndLeavesNoSession() throws Exception {
        try (CopyScene scene = scene()) {
            scene.atBoth("CREATE TABLE locked (a int)", "CREATE TABLE big (a int, b text)");
            scene.atSource(
                    "INSERT INTO big SELECT i, repeat('x', 1000) FROM generate_series(1, 50000)"
                            + " i");
            List<TablePair> pairs = scene.pairs();
            CountDownLatch flowing = new CountDownLatch(1);
            try (var blocker = destination.connect(database(scene));
                    var statement = blocker.createStatement()) {
                blocker.setAutoCommit(false);
                statement.execute("LOCK TABLE locked");
                Copier copier =
                        scene.copier(
                                pairs,
                                CopyScene.whole(pairs),
                                2,
                                FollowUp.NONE,
                                _ -> flowing.countDown());
                AtomicReference<Throwable> outcome = new AtomicReference<>();
                Thread running =
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        scene.run(copier);
                                    } catch (RuntimeException problem) {
                                        outcome.set(problem);
                                    } finally {
                                        flowing.countDown();
                                    }
                                });
                flowing.await();
                assertThat(outcome.get()).isNull();
                awaitLine(
                        scene,
                        "SELECT count(*) AS line FROM pg_locks WHERE NOT granted AND relation ="
                                + " 'public.locked'::regclass",
                        "1");

                copier.stop();
                running.join();

                assertThat(outcome.get())
                        .isInstanceOfSatisfying(
                                WarpException.class,
                                problem ->
                                        assertThat(problem.code())
                                                .isEqualTo(ErrorCode.INTERRUPTED));
                awaitNoSession(scene);
            }
        }
    }

    @Test
    void destinationSessionKilled_chunkIsRepeatedOnce() throws Exception {
        killedSession_chunkIsRepeated(destination);
    }

    @Test
    void sourceSessionKilled_chunkIsRepeatedOnce() throws Exception {
        killedSession_chunkIsRepeated(source);
    }

    private static void killedSession_chunkIsRepeated(PostgresServer victim) throws Exception {
        try (CopyScene scene = scene()) {
            scene.atBoth("CREATE TABLE t (a int, b text)");
            scene.atSource(
                    "INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(1, 20000) i");
            List<TablePair> pairs = scene.pairs();
            AtomicInteger runs = new AtomicInteger();

            scene.run(
                    scene.copier(
                            pairs,
                            CopyScene.whole(pairs),
                            1,
                            FollowUp.NONE,
                            _ -> {
                                if (runs.incrementAndGet() == 3) {
                                    kill(victim, scene);
                                }
                            }));

            assertThat(scene.destinationLines("SELECT count(*) AS line FROM public.t"))
                    .containsExactly("20000");
            assertThat(scene.tableState("t")).isEqualTo("COPIED at 1/2345678");
            assertThat(scene.log.lines).anyMatch(line -> line.contains("trying again"));
        }
    }

    private static void kill(PostgresServer server, CopyScene scene) {
        try {
            server.execute(
                    database(scene),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name"
                            + " = '"
                            + CopyScene.APPLICATION
                            + "'");
        } catch (SQLException problem) {
            throw new AssertionError(problem);
        }
    }

    private static void awaitNoSession(CopyScene scene) throws SQLException {
        for (PostgresServer server : List.of(source, destination)) {
            long deadline = System.nanoTime() + 20_000_000_000L;
            int left = 1;
            while (left > 0) {
                assertThat(System.nanoTime()).as("sessions left").isLessThan(deadline);
                try (var session = server.connect(database(scene));
                        var statement = session.createStatement();
                        var row =
                                statement.executeQuery(
                                        "SELECT count(*) FROM pg_stat_activity WHERE"
                                                + " application_name = '"
                                                + CopyScene.APPLICATION
                                                + "'")) {
                    row.next();
                    left = row.getInt(1);
                }
            }
        }
    }

    private static void awaitLine(CopyScene scene, String query, String line) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!scene.destinationLines(query).equals(List.of(line))) {
            assertThat(System.nanoTime()).as(query).isLessThan(deadline);
        }
    }

    private static String database(CopyScene scene) {
        return scene.source.settings().database();
    }

    private static warp.model.TableName name(List<TablePair> pairs, String table) {
        return pairs.stream()
                .map(TablePair::name)
                .filter(it -> it.name().equals(table))
                .findFirst()
                .orElseThrow();
    }

    private static String quote(String name) {
        return warp.sql.Identifiers.quote(name);
    }

    /** As of an old Warp that was cut off, and still works while another one has taken over. */
    @Test
    void chunkOfAnEarlierSnapshot_cannotBeMarkedNorKept() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atBoth("CREATE TABLE t (a int)");
            scene.atSource("INSERT INTO t VALUES (1)");
            List<TablePair> pairs = scene.pairs();
            Copier old = scene.copier(pairs, CopyScene.whole(pairs), 1, FollowUp.NONE);
            scene.atDestination("UPDATE warp.relation SET copying_lsn = '9/9'");

            WarpException problem = catchThrowableOfType(WarpException.class, () -> scene.run(old));

            assertThat(problem.code()).isEqualTo(ErrorCode.STATE);
            assertThat(problem).hasMessageContaining("another Warp has taken over the copy");
            assertThat(scene.destinationLines("SELECT a::text AS line FROM public.t")).isEmpty();
            assertThat(scene.destinationLines("SELECT number::text AS line FROM warp.chunk"))
                    .isEmpty();
            assertThat(scene.tableState("t")).isEqualTo("PLANNED");
        }
    }
}
