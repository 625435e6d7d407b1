package warp.apply;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.Rule;
import warp.config.RuleOptions;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.sandbox.PostgresServer;

/** What filters do with values that the log does not hold, and with rows that go missing. */
@ParameterizedClass
@ValueSource(strings = {"9.6", "18"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilteredPgTest {

    private static final String TABLE =
            "CREATE TABLE t (id int PRIMARY KEY, big text, n int); ALTER TABLE t ALTER big SET"
                    + " STORAGE EXTERNAL";

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

    private LiveTables live(String filter, List<String> excluded, String... more)
            throws SQLException {
        Rule rule = new Rule("test", "t", filter, List.of(), excluded, null, Map.of(), null);
        List<String> ddl = new java.util.ArrayList<>(List.of(TABLE));
        ddl.addAll(List.of(more));
        return new LiveTables(
                requireNonNull(runningSource),
                requireNonNull(runningDestination),
                ddl,
                ddl,
                new RuleOptions(List.of(rule), null));
    }

    private static void assertEqual(LiveTables live, String columns, String filter) {
        assertThat(LiveTables.rows(live.destination(), "SELECT " + columns + " FROM public.t"))
                .isEqualTo(
                        LiveTables.rows(
                                live.source(),
                                "SELECT " + columns + " FROM public.t WHERE " + filter));
    }

    @Test
    void valueThatIsNotInTheLog_isTakenFromTheRowThatIsThere() throws Exception {
        String filter = "n > 0 AND length(big) > 100";
        try (LiveTables live = live(filter, List.of())) {
            live.atSource(
                    "INSERT INTO t SELECT g, repeat('x', 5000 + g), 1 FROM generate_series(1, 5) g",
                    "UPDATE t SET n = 2 WHERE id < 4",
                    "UPDATE t SET n = 0 WHERE id = 2",
                    "UPDATE t SET id = id + 10 WHERE id > 3");
            live.drain();
            assertEqual(live, "id, big, n", filter);
        }
    }

    @Test
    void rowThatComesInWithoutALargeValue_stopsWithTheStatementThatHelps() throws Exception {
        for (String filter : List.of("n > 0", "n > 0 AND length(big) > 100")) {
            try (LiveTables live = live(filter, List.of())) {
                live.atSource(
                        "INSERT INTO t VALUES (1, repeat('s', 5000), 0)", "UPDATE t SET n = 1");
                assertThatThrownBy(live::drain)
                        .isInstanceOfSatisfying(
                                WarpException.class,
                                e -> {
                                    assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                                    assertThat(e.report())
                                            .contains(
                                                    "UPDATE of public.t",
                                                    "lets a row in",
                                                    "ALTER TABLE \"public\".\"t\" REPLICA IDENTITY"
                                                            + " FULL")
                                            .doesNotContain("ssss");
                                });
                assertThat(live.destination().query("SELECT 1 AS found FROM public.t")).isEmpty();
            }
        }
    }

    @Test
    void withReplicaIdentityFull_theRowComesInWhole() throws Exception {
        String filter = "n > 0 AND length(big) > 100";
        try (LiveTables live = live(filter, List.of(), "ALTER TABLE t REPLICA IDENTITY FULL")) {
            live.atSource(
                    "INSERT INTO t VALUES (1, repeat('s', 5000), 0), (2, NULL, 1), (3, 'x', 1)",
                    "UPDATE t SET n = 1 WHERE id = 1",
                    "UPDATE t SET big = repeat('y', 5000) WHERE id = 2",
                    "UPDATE t SET id = 4 WHERE id = 3");
            live.drain();
            assertEqual(live, "id, big, n", filter);
            live.atDestination("DELETE FROM t WHERE id = 1");
            live.atSource("UPDATE t SET n = 2 WHERE id = 1");
            assertThatThrownBy(live::drain).hasMessageContaining("found no row to change");
        }
    }

    @Test
    void largeValueThatIsLeftOut_doesNotMatterUnlessTheFilterNeedsIt() throws Exception {
        try (LiveTables live = live("n > 0", List.of("big"))) {
            live.atSource(
                    "INSERT INTO t VALUES (1, repeat('s', 5000), 0), (2, repeat('s', 5000), 1)",
                    "UPDATE t SET n = 1 - n");
            live.drain();
            assertEqual(live, "id, n", "n > 0");
        }
        try (LiveTables live = live("n > 0 AND big IS NOT NULL", List.of("big"))) {
            live.atSource("INSERT INTO t VALUES (1, repeat('s', 5000), 1)", "UPDATE t SET n = 2");
            assertThatThrownBy(live::drain).hasMessageContaining("is not in the source's log");
        }
    }

    @Test
    void columnOfTheFilterThatIsGone_stops() throws Exception {
        try (LiveTables live = live("n > 0", List.of())) {
            live.atSource("ALTER TABLE t DROP COLUMN n", "INSERT INTO t VALUES (1, 'x')");
            assertThatThrownBy(live::drain)
                    .hasMessageContaining("the filter of table public.t names column \"n\"");
        }
    }
}
