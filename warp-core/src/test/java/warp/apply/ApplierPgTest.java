package warp.apply;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.TablePair;
import warp.sandbox.PostgresServer;

/** Every kind of change, from a real slot to a real destination: both are equal afterwards. */
@ParameterizedClass
@ValueSource(strings = {"9.6", "18"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApplierPgTest {

    private static final String TOAST =
            "(SELECT string_agg(md5(g::text), '') FROM generate_series(1, 1000) g)";

    @Parameter private String version = "";
    private @Nullable PostgresServer runningSource;
    private @Nullable PostgresServer runningDestination;

    @BeforeParameterizedClassInvocation
    void start() {
        runningSource = PostgresServer.start(version);
        runningDestination = PostgresServer.start("18");
    }

    @AfterParameterizedClassInvocation
    void stop() {
        requireNonNull(runningSource).close();
        requireNonNull(runningDestination).close();
    }

    private LiveTables live(String... ddl) throws SQLException {
        return new LiveTables(
                requireNonNull(runningSource), requireNonNull(runningDestination), ddl);
    }

    private static void assertEqual(LiveTables live) throws SQLException {
        assertThat(live.compare().differences()).isEmpty();
    }

    @Test
    void insertsUpdatesAndDeletes_arriveAsTheyWere() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY, a text, b int)")) {
            live.atSource(
                    "INSERT INTO t SELECT g, 'row ' || g, g FROM generate_series(1, 1000) g",
                    "UPDATE t SET a = NULL, b = -b WHERE id % 3 = 0",
                    "DELETE FROM t WHERE id % 5 = 0",
                    "UPDATE t SET a = '' WHERE id = 1");
            live.drain();
            assertEqual(live);
            assertThat(live.progress.inserts.sum()).isEqualTo(1000);
            assertThat(live.progress.updates.sum()).isEqualTo(334);
            assertThat(live.progress.deletes.sum()).isEqualTo(200);
        }
    }

    @Test
    void keyChanges_findTheRowByItsOldKey() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (a int, b text, c int, PRIMARY KEY (b, a))",
                        "CREATE TABLE keys_only (a int PRIMARY KEY)")) {
            live.atSource(
                    "INSERT INTO t SELECT g, 'b' || g, g FROM generate_series(1, 10) g",
                    "INSERT INTO keys_only SELECT g FROM generate_series(1, 10) g",
                    "UPDATE t SET a = a + 100",
                    "UPDATE t SET b = b || 'x', c = NULL WHERE c > 5",
                    "UPDATE keys_only SET a = -a",
                    "UPDATE keys_only SET a = a");
            live.drain();
            assertEqual(live);
        }
    }

    @Test
    void unchangedToast_isKept() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (id int PRIMARY KEY, big text, n int)",
                        "CREATE TABLE f (id int, big text, n int)",
                        "ALTER TABLE f REPLICA IDENTITY FULL")) {
            live.atSource(
                    "INSERT INTO t SELECT g, " + TOAST + ", g FROM generate_series(1, 3) g",
                    "INSERT INTO f SELECT g, " + TOAST + ", g FROM generate_series(1, 3) g",
                    "UPDATE t SET n = n + 1",
                    "UPDATE t SET id = id + 10",
                    "UPDATE f SET n = n + 1",
                    "UPDATE t SET big = big || 'x' WHERE id = 11");
            live.drain();
            assertEqual(live);
        }
    }

    @Test
    void replicaIdentityFull_touchesExactlyOneOfEqualRows() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (a numeric, j json, p point, f float8, c char(5), x text)",
                        "ALTER TABLE t REPLICA IDENTITY FULL")) {
            live.atSource(
                    "INSERT INTO t SELECT 1.0, '{\"a\": 1}', '(1,2)', 0, 'a', NULL"
                            + " FROM generate_series(1, 3)",
                    "INSERT INTO t VALUES (1.00, '{\"a\": 1}', '(1,2)', 0, 'a', NULL),"
                            + " (1.0, '{\"a\":  1}', '(1,2)', 0, 'a', NULL),"
                            + " (1.0, '{\"a\": 1}', '(1,2)', '-0', 'a', NULL),"
                            + " (NULL, NULL, NULL, NULL, NULL, NULL),"
                            + " (NULL, NULL, NULL, NULL, NULL, NULL)",
                    "DELETE FROM t WHERE ctid = (SELECT ctid FROM t WHERE a::text = '1.00')",
                    "DELETE FROM t WHERE ctid = (SELECT ctid FROM t WHERE f::text = '-0')",
                    "UPDATE t SET x = 'one of them' WHERE ctid = (SELECT min(ctid) FROM t WHERE"
                            + " j::text = '{\"a\": 1}')",
                    "UPDATE t SET x = 'the spaced one' WHERE j::text = '{\"a\":  1}'",
                    "DELETE FROM t WHERE ctid = (SELECT ctid FROM t WHERE a IS NULL LIMIT 1)");
            live.drain();
            assertEqual(live);
            assertThat(
                            live.destination()
                                    .queryOne("SELECT count(*) AS n FROM public.t")
                                    .number("n"))
                    .isEqualTo(5);
        }
    }

    @Test
    void replicaIdentityIndex_findsRowsByThatIndex() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL UNIQUE, v int)",
                        "ALTER TABLE t REPLICA IDENTITY USING INDEX t_code_key")) {
            live.atSource(
                    "INSERT INTO t SELECT g, 'c' || g, g FROM generate_series(1, 10) g",
                    "UPDATE t SET id = id + 100, v = 0 WHERE id < 5",
                    "UPDATE t SET code = upper(code) WHERE id > 7",
                    "DELETE FROM t WHERE code = 'C9'");
            live.drain();
            assertEqual(live);
        }
    }

    @Test
    void namesOfEveryKind_areQuoted() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE SCHEMA \"My \"\"Schema\"",
                        "CREATE TABLE \"My \"\"Schema\".\"select 'ñ' ; --\" (\"The $1 Key\" int,"
                                + " \"a \"\"b\"\" \\ c\" text, \"user\" text, PRIMARY KEY (\"The $1"
                                + " Key\"))")) {
            String table = "\"My \"\"Schema\".\"select 'ñ' ; --\"";
            live.atSource(
                    "INSERT INTO "
                            + table
                            + " VALUES (1, 'it''s \\ ok', E'tab\\t\\n'), (2, '', NULL)",
                    "UPDATE "
                            + table
                            + " SET \"user\" = 'me', \"The $1 Key\" = 3 WHERE \"user\" IS NULL",
                    "DELETE FROM " + table + " WHERE \"The $1 Key\" = 1");
            live.drain();
            assertEqual(live);
        }
    }

    @Test
    void rolledBackAndPartlyRolledBackTransactions_leaveWhatTheSourceHas() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY)")) {
            live.atSource(
                    "BEGIN; INSERT INTO t VALUES (1); ROLLBACK",
                    "BEGIN; INSERT INTO t VALUES (2); SAVEPOINT s; INSERT INTO t VALUES (3);"
                            + " ROLLBACK TO s; INSERT INTO t VALUES (4); COMMIT");
            live.drain();
            assertEqual(live);
        }
    }

    @Test
    void updateOfARowThatIsMissing_isAConflictAndCommitsNothing() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY, v text)")) {
            live.atSource("INSERT INTO t VALUES (1, 'secret'), (2, 'secret')");
            live.drain();
            live.atDestination("DELETE FROM t WHERE id = 2");
            live.atSource("UPDATE t SET v = 'topsecret'");

            assertThatThrownBy(live::drain)
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                                assertThat(e.report())
                                        .contains("UPDATE of public.t", "found no row", "--clean")
                                        .doesNotContain("secret");
                            });
            assertThat(live.destination().queryOne("SELECT v FROM public.t WHERE id = 1").text("v"))
                    .isEqualTo("secret");
        }
    }

    @Test
    void duplicateKey_isAConflictThatNamesConstraintAndSqlState() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY)")) {
            live.atDestination("INSERT INTO t VALUES (4711)");
            live.atSource("INSERT INTO t VALUES (4711)");
            assertThatThrownBy(live::drain)
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                                assertThat(e.sqlState()).contains("23505");
                                assertThat(e.report())
                                        .contains("INSERT of public.t", "t_pkey")
                                        .doesNotContain("4711");
                            });
        }
    }

    @Test
    void progressMovedBySomebodyElse_stopsBeforeAnythingIsCommitted() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY)");
                Applier applier = live.applier()) {
            live.atDestination("UPDATE warp.progress SET lsn = 'FFFF/0'");
            live.atSource("INSERT INTO t VALUES (1)");
            live.record().forEach(applier::apply);
            assertThatThrownBy(applier::idle)
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE));
            assertThat(live.destination().query("SELECT 1 AS found FROM public.t")).isEmpty();
        }
    }

    @Test
    void transactionOfManyRows_streamsThroughWhileTheQueueIsSmall() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY, v text)")) {
            live.atSource(
                    "INSERT INTO t SELECT g, repeat('x', 100) FROM generate_series(1, 100000) g");
            try (Applier applier =
                    new Applier(
                            live.connector(),
                            live.plan(new BatchLimits(1000, 10)),
                            live.progress)) {
                live.drain(applier, 256 * 1024);
            }
            assertEqual(live);
            assertThat(live.progress.inserts.sum()).isEqualTo(100_000);
        }
    }

    @Test
    void everyBuiltInType_keepsItsValue() throws Exception {
        try (LiveTables live = live(TypedRows.ddl())) {
            live.atSource(TypedRows.dml());
            live.drain();
            assertEqual(live);
        }
    }

    @Test
    void emptySourceThatWritesElsewhere_movesTheProgressByKeepAlives() throws Exception {
        AtomicLong clock = new AtomicLong();
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY)");
                Applier applier =
                        new Applier(
                                live.connector(),
                                live.plan(new BatchLimits(10, 10)),
                                live.progress,
                                clock::get)) {
            Lsn to = new Lsn(applier.startAfter().value() + 1000);
            applier.apply(new ChangeEvent.KeepAlive(to));
            applier.idle();
            assertThat(applier.applied()).isEqualTo(to);
            assertThat(applier.durable()).isEqualTo(applier.startAfter());

            clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
            applier.idle();
            assertThat(applier.durable()).isEqualTo(to);
            assertThat(live.progressAtDestination()).isEqualTo(to);
        }
    }

    @Test
    void batchThatIsFull_commitsWithoutTheDiskAndIdleMakesItDurable() throws Exception {
        AtomicLong clock = new AtomicLong();
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY)")) {
            live.atSource("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
            List<ChangeEvent> events = live.record();
            try (Applier applier =
                    new Applier(
                            live.connector(),
                            live.plan(new BatchLimits(1, 1)),
                            live.progress,
                            clock::get)) {
                for (ChangeEvent event : events) {
                    applier.apply(event);
                    assertThat(applier.durable()).isEqualTo(applier.startAfter());
                }
                applier.idle();
                assertThat(applier.durable()).isGreaterThan(applier.startAfter());
                assertThat(applier.durable()).isEqualTo(live.progressAtDestination());
            }
            assertEqual(live);
        }
    }

    /** A source that never ceases leaves no pause in which {@code idle} would be called. */
    @Test
    void transactionThatIsComplete_doesNotWaitLongForOthers() throws Exception {
        AtomicLong clock = new AtomicLong();
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY)")) {
            live.atSource(
                    IntStream.range(0, 200)
                            .mapToObj("INSERT INTO t VALUES (%d)"::formatted)
                            .toArray(String[]::new));
            List<ChangeEvent> events = live.record();
            Lsn first = Lsn.NONE;
            try (Applier applier =
                    new Applier(
                            live.connector(),
                            live.plan(new BatchLimits(1000, 1000)),
                            live.progress,
                            clock::get)) {
                for (ChangeEvent event : events) {
                    applier.apply(event);
                    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(25));
                    if (event instanceof ChangeEvent.Commit commit) {
                        first = first.isNone() ? commit.endLsn() : first;
                        if (!live.progressAtDestination().isBefore(first)) {
                            return;
                        }
                    }
                }
            }
            throw new AssertionError("nothing was committed while more came");
        }
    }

    @Test
    void secondApplierOfTheSameSlot_goesOnWhereTheFirstEnded() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (id int PRIMARY KEY)")) {
            live.atSource("INSERT INTO t VALUES (1)");
            live.drain();
            live.atSource("INSERT INTO t VALUES (2)");
            live.drain();
            assertEqual(live);
        }
    }

    @Test
    void tableOfAnotherMigration_isLeftOut() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (id int PRIMARY KEY)",
                        "CREATE TABLE o (id int PRIMARY KEY)")) {
            live.atSource("INSERT INTO o VALUES (1)", "INSERT INTO t VALUES (1)");
            List<ChangeEvent> events = live.record();
            ApplyPlan all = live.plan(new BatchLimits(10, 10));
            List<TablePair> onlyT =
                    all.tables().stream().filter(pair -> pair.name().name().equals("t")).toList();
            ApplyPlan without = new ApplyPlan(all.slot(), onlyT, table -> false, all.limits());
            try (Applier applier = new Applier(live.connector(), without, live.progress)) {
                events.forEach(applier::apply);
                // Nothing of it is committed: it would be held.
            }
            ApplyPlan excluded =
                    new ApplyPlan(
                            all.slot(), onlyT, table -> table.name().equals("o"), all.limits());
            try (Applier applier = new Applier(live.connector(), excluded, live.progress)) {
                events.forEach(applier::apply);
                applier.settle();
            }
            assertThat(live.destination().query("SELECT 1 AS found FROM public.o")).isEmpty();
            assertThat(live.destination().query("SELECT 1 AS found FROM public.t")).hasSize(1);
        }
    }
}
