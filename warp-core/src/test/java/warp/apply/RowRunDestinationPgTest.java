package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.apply.LiveTables.Together;
import warp.model.ChangeEvent;

/** Rows go together only where nothing at the destination can tell. */
class RowRunDestinationPgTest extends RowRunScene {

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
                live(
                        List.of(T),
                        List.of(
                                T + " PARTITION BY RANGE (id)",
                                "CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (MINVALUE) TO"
                                        + " (50)",
                                "CREATE TABLE t_high PARTITION OF t DEFAULT",
                                "CREATE UNIQUE INDEX ON t_high (n)"))) {
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
}
