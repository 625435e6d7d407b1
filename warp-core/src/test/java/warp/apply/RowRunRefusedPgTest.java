package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import warp.apply.LiveTables.Together;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;

/** Rows that are refused together, or not found: what is named, and what stays. */
class RowRunRefusedPgTest extends RowRunScene {

    private static void applyOnce(LiveTables live) throws Exception {
        ApplyPlan plan = live.plan(new BatchLimits(100_000, 500));
        List<ChangeEvent> events = live.record();
        try (Applier applier = new Applier(live.connector(), plan, live.progress)) {
            events.forEach(applier::apply);
            applier.settle();
        }
    }

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
