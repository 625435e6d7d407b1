package warp.apply;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.apply.LiveTables.Together;
import warp.config.RuleOptions;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.sandbox.PostgresServer;

/**
 * Rows that a transaction updates or deletes one after the other, which go together where they are
 * many and nothing at the destination can tell.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowRunPgTest {

    private static final String T = "CREATE TABLE t (id int PRIMARY KEY, n bigint, s text)";
    private static final String FILL =
            "INSERT INTO t SELECT g, g, 's' FROM generate_series(1, 100) g";

    private @Nullable PostgresServer server;

    @BeforeAll
    void start() {
        server = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        requireNonNull(server).close();
    }

    private LiveTables live(String... ddl) throws SQLException {
        return new LiveTables(requireNonNull(server), requireNonNull(server), ddl);
    }

    /** Runs statements at the source and applies them; both sides end equal. */
    private static Together follows(LiveTables live, String... statements) throws Exception {
        live.atSource(statements);
        Together together = live.applyInOrder();
        assertThat(live.compare().differences()).isEmpty();
        assertThat(together.refused()).isZero();
        return together;
    }

    private static long together(LiveTables live, String... statements) throws Exception {
        return follows(live, statements).rows();
    }

    private static void applyOnce(LiveTables live) throws Exception {
        ApplyPlan plan = live.plan(new BatchLimits(100_000, 500));
        List<ChangeEvent> events = live.record();
        try (Applier applier = new Applier(live.connector(), plan, live.progress)) {
            events.forEach(applier::apply);
            applier.settle();
        }
    }

    // ---- what goes together

    @Test
    void runsOfAnyLength_endTheSame() throws Exception {
        try (LiveTables live = live(T)) {
            live.atSource("INSERT INTO t SELECT g, g, 's' FROM generate_series(1, 2000) g");
            for (int rows : new int[] {1, 15, 16, 17, 999, 1000, 1001}) {
                live.atSource(
                        "UPDATE t SET n = -n, s = CASE id % 3 WHEN 0 THEN NULL ELSE s || id END"
                                + " WHERE id <= "
                                + rows,
                        "DELETE FROM t WHERE id <= " + rows,
                        "INSERT INTO t SELECT g, g, 'again' FROM generate_series(1, %d) g"
                                .formatted(rows));
            }
            assertThat(together(live)).isEqualTo(2 * (16 + 17 + 999 + 1000 + 1000));
            assertThat(live.progress.updates.sum()).isEqualTo(3049);
            assertThat(live.progress.deletes.sum()).isEqualTo(3049);
        }
    }

    /** More than may wait for each other. */
    @Test
    void wideRows_endTheSame() throws Exception {
        try (LiveTables live = live(T)) {
            assertThat(together(live, FILL, "UPDATE t SET s = repeat(md5(id::text), 400)"))
                    .isEqualTo(100);
            assertThat(together(live, "UPDATE t SET s = repeat(md5(id::text), 1000)")).isZero();
            assertThat(together(live, "UPDATE t SET s = repeat(md5(id::text), 9000) WHERE id < 20"))
                    .isZero();
        }
    }

    @Test
    void anotherTransaction_anotherTable_anotherOperation_endARun() throws Exception {
        try (LiveTables live = live(T, T.replace("TABLE t", "TABLE u"))) {
            assertThat(
                            together(
                                    live,
                                    FILL,
                                    "INSERT INTO u TABLE t",
                                    "DO $$ BEGIN FOR i IN 1..100 LOOP UPDATE t SET n = 0 WHERE id ="
                                        + " i; UPDATE u SET n = 1 WHERE id = i; END LOOP; END $$",
                                    "DO $$ BEGIN FOR i IN 1..50 LOOP UPDATE t SET n = n + 1 WHERE"
                                        + " id = i; DELETE FROM t WHERE id = 50 + i; INSERT INTO t"
                                        + " VALUES (1000 + i); END LOOP; END $$"))
                    .isZero();
            assertThat(
                            together(
                                    live,
                                    "UPDATE t SET n = 2 WHERE id <= 10",
                                    "UPDATE t SET n = 3 WHERE id BETWEEN 11 AND 20"))
                    .isZero();
        }
    }

    @Test
    void whatComesAfterARun_findsItsRows() throws Exception {
        try (LiveTables live = live(T, T.replace("TABLE t", "TABLE u"))) {
            assertThat(
                            together(
                                    live,
                                    "BEGIN; "
                                            + FILL
                                            + "; UPDATE t SET n = n + 1; DELETE FROM t WHERE id >"
                                            + " 50; INSERT INTO t SELECT g, 0 FROM"
                                            + " generate_series(40, 90) g ON CONFLICT (id) DO"
                                            + " UPDATE SET n = 7; INSERT INTO u TABLE t; DELETE"
                                            + " FROM u; TRUNCATE u; COMMIT"))
                    .isEqualTo(100 + 50 + 90);
        }
    }

    @Test
    void aKeyThatComesAgain_endsARun() throws Exception {
        try (LiveTables live = live(T)) {
            assertThat(
                            together(
                                    live,
                                    FILL,
                                    "BEGIN; UPDATE t SET n = n + 1; UPDATE t SET n = n * 2; UPDATE"
                                            + " t SET s = NULL WHERE id < 17; COMMIT"))
                    .isEqualTo(216);
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN 1..200 LOOP UPDATE t SET n = n + i WHERE"
                                            + " id = 1 + i % 7; END LOOP; END $$"))
                    .isZero();
        }
    }

    @Test
    void aChangeOfKey_goesAlone() throws Exception {
        try (LiveTables live = live(T)) {
            assertThat(together(live, FILL, "UPDATE t SET id = id + 1000")).isZero();
            assertThat(
                            together(
                                    live,
                                    "UPDATE t SET id = CASE WHEN id % 50 = 0 THEN -id ELSE id END,"
                                            + " n = 9"))
                    .isEqualTo(98);
            // Keys handed on from row to row.
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN 1001..1040 LOOP DELETE FROM t WHERE id ="
                                        + " i; UPDATE t SET id = i WHERE id = i + 50; END LOOP; END"
                                        + " $$"))
                    .isZero();
        }
    }

    @Test
    void unchangedToast_isAShapeOfItsOwn() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (id int PRIMARY KEY, big text, n int, other text)",
                        "ALTER TABLE t ALTER big SET STORAGE EXTERNAL, ALTER other SET STORAGE"
                                + " EXTERNAL")) {
            assertThat(
                            together(
                                    live,
                                    "INSERT INTO t SELECT g, repeat(g::text, 3000), 0, repeat('o',"
                                            + " 3000) FROM generate_series(1, 60) g",
                                    "UPDATE t SET n = 1",
                                    "UPDATE t SET n = 2, other = 'short' WHERE id <= 30"))
                    .isEqualTo(90);
            // Of the first 30 rows another value is short now.
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN 1..60 LOOP UPDATE t SET n = 3 WHERE id ="
                                            + " i; END LOOP; END $$"))
                    .isEqualTo(60);
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN 1..60 LOOP UPDATE t SET n = 4, big = CASE"
                                        + " i % 2 WHEN 0 THEN NULL ELSE big END WHERE id = i; END"
                                        + " LOOP; END $$"))
                    .isZero();
        }
    }

    @Test
    void keysOfSeveralColumns_andValuesOfEveryKind_endTheSame() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TYPE mood AS ENUM ('sad', 'a, \"b\" \\', 'NULL')",
                        "CREATE TABLE t (m mood, k text, u uuid, at timestamptz, a text[], b bytea,"
                            + " c char(5), j jsonb, f float8, p box, d numeric(9, 2), twice numeric"
                            + " GENERATED ALWAYS AS (2 * d) STORED, PRIMARY KEY (k, m, u))")) {
            live.atSource(
                    """
                    INSERT INTO t SELECT m, k, md5(g::text)::uuid, now() FROM unnest(enum_range(NULL::mood)) m,
                    unnest(ARRAY['', ' ', 'NULL', '\\', '"', '{a,b}', E'\t\n', 'ä', '😀']) k, generate_series(1, 3) g\
                    """);
            assertThat(
                            together(
                                    live,
                                    "UPDATE t SET a = ARRAY[k, NULL, m::text], b = '\\x00ff5c', c ="
                                        + " 'x', j = to_jsonb(k), f = '-0', p = '(1,2),(0,0)', d ="
                                        + " 1.5, at = 'infinity'",
                                    "DELETE FROM t WHERE m = 'sad'"))
                    .isEqualTo(81 + 27);
        }
    }

    @Test
    void aReplicaIdentityByAnIndex_isTheKey() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (id int NOT NULL, n int, UNIQUE (id))",
                        "ALTER TABLE t REPLICA IDENTITY USING INDEX t_id_key",
                        "CREATE TABLE u (n int PRIMARY KEY, id int NOT NULL, UNIQUE (id))",
                        "ALTER TABLE u REPLICA IDENTITY USING INDEX u_id_key")) {
            live.atSource(
                    "INSERT INTO t SELECT g, g FROM generate_series(1, 40) g",
                    "INSERT INTO u SELECT g, g FROM generate_series(1, 40) g");
            assertThat(together(live, "UPDATE t SET n = 0", "DELETE FROM t")).isEqualTo(80);
            // Another key is there, which an update may hand on.
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN REVERSE 40..1 LOOP UPDATE u SET n = n + 1"
                                            + " WHERE id = i; END LOOP; END $$"))
                    .isZero();
            assertThat(together(live, "DELETE FROM u")).isEqualTo(40);
        }
    }

    @Test
    void wholeOldRows_goAlone() throws Exception {
        try (LiveTables live = live(T, "ALTER TABLE t REPLICA IDENTITY FULL")) {
            assertThat(together(live, FILL, "UPDATE t SET n = 0", "DELETE FROM t")).isZero();
        }
    }

    // ---- what the destination has

    @Test
    void uniqueValuesThatAreHandedOn_arrive() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (id int PRIMARY KEY, u int UNIQUE, n int)",
                        "CREATE TABLE e (id int PRIMARY KEY, x int, EXCLUDE (x WITH =))",
                        "CREATE TABLE p (id int PRIMARY KEY, x int)",
                        "CREATE UNIQUE INDEX ON p (x) WHERE id > 0",
                        "CREATE TABLE f (id int PRIMARY KEY, x int)",
                        "CREATE UNIQUE INDEX ON f ((x % 100))")) {
            for (String table : List.of("t", "e", "p", "f")) {
                live.atSource(
                        "INSERT INTO %s SELECT g, g FROM generate_series(1, 40) g"
                                .formatted(table));
                String column = table.equals("t") ? "u" : "x";
                live.atSource(
                        """
                        DO $$ BEGIN
                            FOR i IN REVERSE 40..1 LOOP UPDATE %1$s SET %2$s = %2$s + 1 WHERE id = i; END LOOP;
                            UPDATE %1$s SET %2$s = NULL WHERE id = 1;
                            FOR i IN 2..40 LOOP UPDATE %1$s SET %2$s = %2$s - 1 WHERE id = i; END LOOP;
                        END $$\
                        """
                                .formatted(table, column));
            }
            assertThat(together(live)).isZero();
            assertThat(together(live, "DELETE FROM t", "DELETE FROM e WHERE id > 20"))
                    .isEqualTo(60);
        }
    }

    @Test
    void indexesThatNoUpdateTouches_areNotInTheWay() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (a int, b int, n int, PRIMARY KEY (b, a) INCLUDE (n))",
                        "CREATE UNIQUE INDEX ON t (a, b)",
                        "CREATE INDEX ON t (n)")) {
            assertThat(
                            together(
                                    live,
                                    "INSERT INTO t SELECT g, g % 5, 0 FROM generate_series(1, 40)"
                                            + " g",
                                    "UPDATE t SET n = 1"))
                    .isEqualTo(40);
        }
    }

    /** A row too few and one too many would pass for two. */
    @Test
    void aKeyThatNoIndexKeepsUnique_isNotTrusted() throws Exception {
        try (LiveTables live = live(T)) {
            live.atDestination(
                    "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id) DEFERRABLE");
            assertThat(together(live, FILL, "UPDATE t SET n = 0", "DELETE FROM t WHERE id < 50"))
                    .isZero();
            live.atDestination("ALTER TABLE t DROP CONSTRAINT t_pkey", "CREATE INDEX ON t (id)");
            assertThat(together(live, "UPDATE t SET n = 1")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALWAYS", "REPLICA"})
    void aTriggerThatFires_seesRowAfterRow(String when) throws Exception {
        try (LiveTables live = live(T)) {
            live.atDestination(
                    "CREATE SCHEMA extra",
                    "CREATE TABLE extra.seen (rows bigint)",
                    "CREATE FUNCTION extra.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO extra.seen SELECT count(*) FROM changed; RETURN NULL; END"
                        + " $$",
                    "CREATE TRIGGER see AFTER UPDATE ON t REFERENCING NEW TABLE AS changed FOR EACH"
                            + " STATEMENT EXECUTE FUNCTION extra.see()",
                    "ALTER TABLE t ENABLE " + when + " TRIGGER see");
            assertThat(together(live, FILL, "UPDATE t SET n = 0", "DELETE FROM t")).isZero();
            assertThat(LiveTables.rows(live.destination(), "TABLE extra.seen"))
                    .hasSize(100)
                    .containsOnly("(1)");
        }
    }

    @Test
    void aTriggerThatRests_isNotInTheWay() throws Exception {
        try (LiveTables live = live(T)) {
            live.atDestination(
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE"
                            + " 'no'; END $$",
                    "CREATE TRIGGER refuse BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION"
                            + " refuse()");
            assertThat(together(live, FILL, "UPDATE t SET n = 0")).isEqualTo(100);
        }
    }

    @Test
    void aRuleThatHolds_isAskedRowByRow() throws Exception {
        try (LiveTables live = live(T)) {
            live.atDestination(
                    "CREATE SCHEMA extra",
                    "CREATE TABLE extra.seen (id int)",
                    "CREATE RULE see AS ON UPDATE TO t DO ALSO INSERT INTO extra.seen VALUES"
                            + " (new.id)",
                    "ALTER TABLE t ENABLE ALWAYS RULE see");
            assertThat(together(live, FILL, "UPDATE t SET n = 0")).isZero();
            assertThat(LiveTables.rows(live.destination(), "TABLE extra.seen")).hasSize(100);
        }
    }

    @Test
    void aSessionThatIsNoReplica_firesOrdinaryTriggers() throws Exception {
        try (LiveTables live = live(T, "CREATE TABLE u (id int PRIMARY KEY, n int)")) {
            live.atDestination("ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES u");
            live.atSource("INSERT INTO u SELECT g, 0 FROM generate_series(1, 100) g", FILL);
            live.atSource("UPDATE t SET n = n", "UPDATE u SET n = 1");
            ApplyPlan as = live.plan(new BatchLimits(100_000, 500));
            ApplyPlan plan =
                    new ApplyPlan(
                            as.slot(),
                            as.tables(),
                            as.held(),
                            as.known(),
                            as.refusals(),
                            as.excluded(),
                            as.limits(),
                            false);
            List<ChangeEvent> events = live.record();
            try (Applier applier = new Applier(live.connector(), plan, live.progress)) {
                events.forEach(applier::apply);
                applier.settle();
                assertThat(applier.sentTogether()).isZero();
            }
            assertThat(live.compare().differences()).isEmpty();
        }
    }

    @Test
    void aPartitionedDestination_takesRowByRow() throws Exception {
        try (LiveTables live =
                new LiveTables(
                        requireNonNull(server),
                        requireNonNull(server),
                        List.of(T),
                        List.of(
                                T + " PARTITION BY RANGE (id)",
                                "CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (MINVALUE) TO"
                                        + " (50)",
                                "CREATE TABLE t_high PARTITION OF t DEFAULT",
                                "CREATE UNIQUE INDEX ON t_high (n)"),
                        RuleOptions.NONE)) {
            live.atSource(FILL, "UPDATE t SET n = n + 1000", "DELETE FROM t WHERE id % 2 = 0");
            assertThat(live.applyInOrder()).isEqualTo(new Together(0, 0));
            assertThat(LiveTables.rows(live.destination(), "TABLE public.t"))
                    .isEqualTo(LiveTables.rows(live.source(), "TABLE public.t"));
        }
    }

    @Test
    void partitions_areTablesOfTheirOwn_andChildrenAreLeftAlone() throws Exception {
        try (LiveTables live =
                live(
                        T + " PARTITION BY RANGE (id)",
                        "CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (MINVALUE) TO (50)",
                        "CREATE TABLE t_high PARTITION OF t DEFAULT",
                        T.replace("TABLE t", "TABLE parent"),
                        "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent)")) {
            assertThat(
                            together(
                                    live,
                                    FILL,
                                    "INSERT INTO parent TABLE t; INSERT INTO child TABLE t",
                                    "UPDATE t SET n = 0",
                                    "UPDATE ONLY parent SET n = 1; UPDATE child SET n = 2; DELETE"
                                            + " FROM ONLY parent WHERE id > 30"))
                    .isEqualTo(100 + 200 + 70);
        }
    }

    @ParameterizedTest
    @CsvSource({"9.6, 18, 0", "12, 18, 190", "12, 12, 190", "18, 9.6, 190"})
    void serversOfOtherVersions_endTheSame(String from, String to, long expected) throws Exception {
        try (PostgresServer source = PostgresServer.start(from);
                PostgresServer destination = PostgresServer.start(to);
                LiveTables live =
                        new LiveTables(
                                source,
                                destination,
                                T,
                                "ALTER TABLE t ALTER s SET STORAGE EXTERNAL")) {
            live.atSource(
                    FILL,
                    "UPDATE t SET n = 0, s = repeat('x', 3000) WHERE id > 50",
                    "UPDATE t SET n = 1",
                    "DELETE FROM t WHERE id > 60",
                    "UPDATE t SET id = -id, n = 7 WHERE id > 10");
            assertThat(together(live)).isEqualTo(expected);
        }
    }

    // ---- what goes wrong

    @Test
    void aRowThatIsMissing_isNamedAndLeavesNothingOfItsTransaction() throws Exception {
        try (LiveTables live = live(T)) {
            follows(live, FILL);
            live.atDestination("DELETE FROM t WHERE id = 70");
            for (String change : List.of("UPDATE t SET n = 0", "DELETE FROM t")) {
                Lsn before = live.progressAtDestination();
                live.atSource(change);
                assertThatThrownBy(() -> applyOnce(live))
                        .isInstanceOfSatisfying(
                                RunRefused.class,
                                e ->
                                        assertThat(e.problem().report())
                                                .contains(
                                                        change.substring(0, 6)
                                                                + " of public.t in transaction ",
                                                        "changed 99 rows instead of 100",
                                                        "by something else than this migration"));
                assertThatThrownBy(live::applyInOrder)
                        .isInstanceOfSatisfying(
                                WarpException.class,
                                e -> {
                                    assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                                    assertThat(e.report())
                                            .contains(
                                                    change.substring(0, 6)
                                                            + " of public.t in transaction ",
                                                    "found no row to change");
                                });
                assertThat(live.progressAtDestination()).isEqualTo(before);
                assertThat(
                                LiveTables.rows(
                                        live.destination(),
                                        "SELECT count(*) FROM public.t WHERE n > 0"))
                        .containsExactly("(99)");
                // Goes on as soon as the row is there again.
                live.atDestination("INSERT INTO t VALUES (70, 70, 's')");
                follows(live);
                live.atSource("TRUNCATE t", FILL);
                follows(live);
                live.atDestination("DELETE FROM t WHERE id = 70");
            }
        }
    }

    /** What is there has changed since it was asked about. */
    @Test
    void aRunThatIsRefused_goesRowByRow() throws Exception {
        try (LiveTables live = live(T)) {
            // Two rows of one statement are refused, two statements are not.
            live.atDestination(
                    "CREATE FUNCTION alone() RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE mine"
                        + " text := statement_timestamp(); before text :="
                        + " current_setting('test.at', true); BEGIN PERFORM set_config('test.at',"
                        + " mine, false); RETURN mine IS DISTINCT FROM before; END $$",
                    "ALTER TABLE t ADD CHECK (n >= 0 OR alone())");
            live.atSource(FILL, "UPDATE t SET n = 0", "UPDATE t SET n = -1", "UPDATE t SET n = 1");
            assertThat(live.applyInOrder()).isEqualTo(new Together(200, 1));
            assertThat(live.compare().differences()).isEmpty();
        }
    }

    /** What was refused together may be so again. */
    @Test
    void aRefusedSet_goesRowByRow_andWhatFollowsDoesNot() throws Exception {
        try (LiveTables live = live(T, "CREATE TABLE u (id int PRIMARY KEY, v int UNIQUE)")) {
            follows(live, FILL, "INSERT INTO u VALUES (1, 1), (2, 2)");
            live.atSource(
                    "UPDATE t SET n = 0",
                    "BEGIN; UPDATE u SET v = NULL WHERE id = 1; UPDATE u SET v = 1 WHERE id = 2;"
                            + " UPDATE u SET v = 2 WHERE id = 1; COMMIT",
                    "UPDATE t SET n = 1 WHERE id > 30");
            List<ChangeEvent> events = live.record();
            try (Applier applier =
                    new Applier(
                            live.connector(),
                            live.plan(new BatchLimits(100_000, 500)),
                            live.progress,
                            System::nanoTime,
                            new SetLimits(2, 20_000, 6 << 20, 100, 0))) {
                applier.backlog(Long.MAX_VALUE);
                events.forEach(applier::apply);
                applier.settle();
                assertThat(applier.setsRefused()).isEqualTo(1);
                assertThat(applier.sentTogether()).isEqualTo(70);
            }
            assertThat(live.compare().differences()).isEmpty();
        }
    }

    /** As if it were alone: the table can be held from this transaction on. */
    @Test
    void aRowThatDoesNotFitTheTable_isToldAsSuch() throws Exception {
        try (LiveTables live = live(T)) {
            live.atDestination("ALTER TABLE t ALTER s TYPE varchar(3)");
            live.atSource(FILL, "UPDATE t SET s = repeat('x', id / 10)");
            assertThatThrownBy(live::applyInOrder).isInstanceOf(TableRefused.class);
        }
    }
}
