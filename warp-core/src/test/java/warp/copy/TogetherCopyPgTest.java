package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.Faults;
import warp.error.PlannedFault;
import warp.error.WarpException;
import warp.model.TablePair;
import warp.sandbox.PostgresServer;

/** Small tables that share a transaction. */
@Timeout(180)
class TogetherCopyPgTest {

    private static final int TABLES = 200;
    private static final int WORKERS = 2;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static PostgresServer source;
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

    /** Tables t1 to t200 with up to three rows, and one that refers to t5. */
    private static CopyScene scene() throws SQLException {
        CopyScene scene =
                CopyScene.between(source, destination, "together_" + DATABASES.incrementAndGet());
        scene.atBoth(
                """
                DO $$ BEGIN
                    FOR i IN 1..%d LOOP
                        EXECUTE format('CREATE TABLE t%%s (a int PRIMARY KEY, b text)', i);
                    END LOOP;
                END $$\
                """
                        .formatted(TABLES),
                "CREATE TABLE refers (a int REFERENCES t5)");
        scene.atSource(
                """
                DO $$ BEGIN
                    FOR i IN 1..%d LOOP
                        EXECUTE format('INSERT INTO t%%s SELECT g, ''row '' || g FROM'
                            ' generate_series(1, %%s) g', i, mod(i, 4));
                    END LOOP;
                END $$\
                """
                        .formatted(TABLES),
                "INSERT INTO refers VALUES (1)");
        return scene;
    }

    private static void copy(CopyScene scene, FollowUp followUp) throws SQLException {
        List<TablePair> pairs = scene.pairs();
        scene.run(scene.copier(pairs, CopyScene.whole(pairs), WORKERS, followUp));
    }

    private static List<String> marked(CopyScene scene) {
        return scene.destinationLines("SELECT table_name AS line FROM warp.chunk ORDER BY 1");
    }

    private static String transactions(CopyScene scene) {
        return scene.destinationLines("SELECT count(DISTINCT xmin::text) AS line FROM warp.chunk")
                .getFirst();
    }

    /** Every table that has a mark has its rows, and no other has any. */
    private static void assertMarksAgreeWithRows(CopyScene scene) {
        List<String> marked = marked(scene);
        String query =
                IntStream.rangeClosed(1, TABLES)
                        .mapToObj(i ->
                                "SELECT 't%1$d ' || a || b AS line FROM public.t%1$d".formatted(i))
                        .collect(Collectors.joining(" UNION ALL "));
        List<String> expected =
                scene.sourceLines(query).stream()
                        .filter(line -> marked.contains(line.split(" ", 2)[0]))
                        .toList();
        assertThat(scene.destinationLines(query)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void manySmallTables_arriveInAFewTransactions() throws SQLException {
        try (CopyScene scene = scene()) {
            List<Integer> followed = new CopyOnWriteArrayList<>();
            copy(scene, copied -> List.of(() -> followed.add(copied.size())));

            assertThat(scene.compare().differences()).isEmpty();
            assertThat(marked(scene)).hasSize(TABLES + 1);
            assertThat(Integer.parseInt(transactions(scene))).isBetween(10, 40);
            assertThat(followed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(TABLES + 1);
            assertThat(followed).contains(25);
            assertThat(scene.destinationLines("SELECT DISTINCT state AS line FROM warp.relation"))
                    .containsExactly("COPIED");
            assertThat(scene.progress.chunksDone.sum()).isEqualTo(TABLES + 1);
            assertThat(scene.progress.copiedRows.sum()).isEqualTo(TABLES / 4 * (1 + 2 + 3) + 1);
        }
    }

    @Test
    void oneThatFails_isNamed_andLeavesNothing() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atDestination("ALTER TABLE t33 ADD CONSTRAINT odd CHECK (b = 'secret')");

            WarpException problem =
                    catchThrowableOfType(WarpException.class, () -> copy(scene, FollowUp.NONE));

            assertThat(problem.report())
                    .startsWith("destination: copying public.t33: ")
                    .contains("violates check constraint \"odd\" (SQLSTATE 23514)");
            assertThat(marked(scene)).isNotEmpty().doesNotContain("t33");
            assertMarksAgreeWithRows(scene);

            scene.atDestination("ALTER TABLE t33 DROP CONSTRAINT odd");
            copy(scene, FollowUp.NONE);
            assertThat(scene.compare().differences()).isEmpty();
        }
    }

    @Test
    void oneWithRowsOfSomebodyElse_isNeitherEmptiedNorMixed() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atDestination(
                    "INSERT INTO t90 VALUES (77, 'other')",
                    // Whose pages are left.
                    "INSERT INTO t91 VALUES (77, 'other')",
                    "DELETE FROM t91");

            WarpException problem =
                    catchThrowableOfType(WarpException.class, () -> copy(scene, FollowUp.NONE));

            assertThat(problem.code()).isEqualTo(ErrorCode.STATE);
            assertThat(problem.report())
                    .contains("destination: copying public.t90: the table has rows already");
            assertThat(scene.destinationLines("SELECT b AS line FROM public.t90"))
                    .containsExactly("other");
            scene.atDestination("DELETE FROM t90");
            copy(scene, FollowUp.NONE);
            assertThat(scene.compare().differences()).isEmpty();
        }
    }

    /** In doubt: everything is there and nobody was told, or nothing is. */
    @ParameterizedTest
    @EnumSource(FaultPoint.Edge.class)
    void connectionLostAtTheCommit_givesEveryRowOnce(FaultPoint.Edge edge) throws SQLException {
        try (CopyScene scene = scene();
                Faults faults =
                        Faults.plan(
                                new PlannedFault(
                                        FaultPoint.CHUNK_COPIED,
                                        edge,
                                        2,
                                        PlannedFault.Action.CONNECTION))) {
            copy(scene, FollowUp.NONE);

            assertThat(faults.happened()).isTrue();
            assertThat(scene.compare().differences()).isEmpty();
            assertThat(marked(scene)).hasSize(TABLES + 1);
        }
    }

    /** As if killed: nobody goes on, and another copy finds what is there. */
    @ParameterizedTest
    @EnumSource(FaultPoint.Edge.class)
    void copyThatEndsAtTheCommit_isGoneOnWith(FaultPoint.Edge edge) throws SQLException {
        try (CopyScene scene = scene()) {
            try (Faults faults =
                    Faults.plan(
                            new PlannedFault(
                                    FaultPoint.CHUNK_COPIED,
                                    edge,
                                    3,
                                    PlannedFault.Action.DEFECT))) {
                assertThatThrownBy(() -> copy(scene, FollowUp.NONE))
                        .hasMessageContaining("planned fault");
                assertThat(faults.happened()).isTrue();
            }
            assertThat(marked(scene)).hasSizeBetween(1, TABLES);
            assertMarksAgreeWithRows(scene);

            copy(scene, FollowUp.NONE);

            assertThat(scene.compare().differences()).isEmpty();
        }
    }

    @Test
    void oneThatSomebodyUses_isWaitedForAlone() throws Exception {
        try (CopyScene scene = scene();
                Connection other = destination.connect("together_" + DATABASES.get())) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("SELECT * FROM t120");
            }
            AtomicReference<Throwable> failed = new AtomicReference<>();
            Thread copying =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    copy(scene, FollowUp.NONE);
                                } catch (Throwable problem) {
                                    failed.set(problem);
                                }
                            });
            List<String> waiting = new ArrayList<>();
            while (waiting.isEmpty() && copying.isAlive()) {
                waiting.addAll(
                        scene.destinationLines(
                                "SELECT l.relation::regclass::text AS line FROM pg_locks l JOIN"
                                        + " pg_database d ON d.oid = l.database WHERE NOT granted"
                                        + " AND datname = current_database()"));
                Thread.onSpinWait();
            }
            assertThat(waiting).containsExactly("public.t120");
            // Nothing but its own table is kept from others by who waits.
            assertThat(
                            scene.destinationLines(
                                    "SELECT count(*) AS line FROM pg_locks w JOIN pg_locks l USING"
                                        + " (pid) WHERE NOT w.granted AND l.granted AND l.mode ="
                                        + " 'AccessExclusiveLock'"))
                    .containsExactly("0");
            other.rollback();
            copying.join();
            assertThat(failed.get()).isNull();
            assertThat(scene.compare().differences()).isEmpty();
        }
    }

    @Test
    void snapshotThatIsGone_isSaidToBeGone() throws SQLException {
        try (CopyScene scene = scene()) {
            List<TablePair> pairs = scene.pairs();
            scene.takeSnapshot();
            Copier copier = scene.copier(pairs, CopyScene.whole(pairs), WORKERS, FollowUp.NONE);
            scene.dropSnapshot();

            WarpException problem =
                    catchThrowableOfType(WarpException.class, () -> scene.run(copier));

            assertThat(problem.code()).isEqualTo(ErrorCode.TRANSIENT);
            assertThat(problem.getMessage())
                    .matches(
                            "copying public.t\\d+ and 24 other small tables: the snapshot \\S+ is"
                                    + " gone");
            assertThat(marked(scene)).isEmpty();
        }
    }
}
