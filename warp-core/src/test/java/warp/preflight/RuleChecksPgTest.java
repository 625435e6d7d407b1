package warp.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warp.config.Rule;
import warp.config.RuleOptions;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Keyless;
import warp.sandbox.PostgresServer;

/** Rules that do not fit are named with their line before anything is touched. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuleChecksPgTest {

    private static final String ORDERS =
            "CREATE TABLE orders (id int PRIMARY KEY, region text, at timestamptz, note text NOT"
                    + " NULL)";

    private PostgresServer source;
    private PostgresServer destination;

    @BeforeAll
    void start() {
        source = PostgresServer.start("18");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    private static Rule rule(
            String table,
            @Nullable String where,
            List<String> columns,
            List<String> excluded,
            @Nullable String to,
            Map<String, String> renamed) {
        return new Rule("shop.yaml, line 7", table, where, columns, excluded, to, renamed, null);
    }

    private static Rule where(String filter) {
        return rule("orders", filter, List.of(), List.of(), null, Map.of());
    }

    private Checked pair(Rule... rules) throws SQLException {
        return Checked.fresh(source, destination)
                .with(s -> s.with(s.options().withRules(new RuleOptions(List.of(rules), null))));
    }

    private List<String> errors(Rule... rules) throws SQLException {
        return pair(rules).atBoth(ORDERS).errors();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "regio = 'eu';column \"regio\" does not exist",
                "region;argument of WHERE must be type boolean",
                "region =;syntax error",
                "orders.region = 'eu';missing FROM-clause entry",
                "ctid IS NULL;column \"ctid\" does not exist",
                "at < now();functions in index predicate must be marked IMMUTABLE",
                "random() < 0.5;functions in index predicate must be marked IMMUTABLE",
                "at::date > '2024-01-01';functions in index predicate must be marked IMMUTABLE",
                "id IN (SELECT 1);cannot use subquery in index predicate",
                "count(*) > 1;aggregate functions are not allowed"
            })
    void filterThatCannotBe_isRefusedWithItsReason(String filter, String reason)
            throws SQLException {
        assertThat(errors(where(filter)))
                .singleElement()
                .asString()
                .contains(
                        "shop.yaml, line 7: the filter of table public.orders is refused", reason);
    }

    @Test
    void filtersThatDependOnTheRowAlone_pass() throws SQLException {
        for (String filter :
                List.of(
                        "region = 'eu' -- and no comment is in the way",
                        "(at AT TIME ZONE 'UTC')::date > '2024-01-01' OR at IS NULL",
                        "at >= '2024-01-01 00:00+00'",
                        "true",
                        "length(region) BETWEEN 1 AND 3 AND id % 2 = 0")) {
            assertThat(errors(where(filter))).as(filter).isEmpty();
        }
    }

    @Test
    void ruleThatMatchesNothing_isNamedWithWhatIsNear() throws SQLException {
        assertThat(errors(rule("public.order", "true", List.of(), List.of(), null, Map.of())))
                .singleElement()
                .asString()
                .contains(
                        "shop.yaml, line 7: no table matches the rule for public.order",
                        "did you mean public.orders?");
    }

    @Test
    void columnsThatAreNotThere_areNamed() throws SQLException {
        assertThat(
                        errors(
                                rule(
                                        "orders",
                                        null,
                                        List.of(),
                                        List.of("nota", "x"),
                                        null,
                                        Map.of("regio", "r"))))
                .hasSize(3)
                .anyMatch(error -> error.contains("\"nota\"") && error.contains("\"note\"?"))
                .anyMatch(error -> error.contains("no column \"regio\", which \"rename\" names"));
    }

    @Test
    void keyColumnLeftOut_isAnErrorWithTheWayOut() throws SQLException {
        assertThat(errors(rule("orders", null, List.of("note"), List.of(), null, Map.of())))
                .anyMatch(error ->
                        error.contains("is without \"id\", which tells its rows apart")
                                && error.contains(
                                        "ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY"
                                                + " FULL;"));
    }

    @Test
    void columnThatTheDestinationNeeds_cannotBeLeftOut() throws SQLException {
        assertThat(errors(rule("orders", null, List.of(), List.of("note"), null, Map.of())))
                .singleElement()
                .asString()
                .contains(
                        "column \"note\" of table public.orders is NOT NULL without a default",
                        "ALTER COLUMN \"note\" DROP NOT NULL;");
    }

    @Test
    void twoColumnsOfOneName_areRefused() throws SQLException {
        assertThat(
                        errors(
                                rule(
                                        "orders",
                                        null,
                                        List.of(),
                                        List.of(),
                                        null,
                                        Map.of("region", "note"))))
                .anyMatch(error -> error.contains("would both be called \"note\""));
    }

    @Test
    void twoTablesIntoOne_areRefused() throws SQLException {
        assertThat(
                        pair(rule("t*", null, List.of(), List.of(), "public.t1", Map.of()))
                                .atBoth(
                                        "CREATE TABLE t1 (id int PRIMARY KEY)",
                                        "CREATE TABLE t2 (id int PRIMARY KEY)")
                                .errors())
                .singleElement()
                .asString()
                .contains("public.t1 would receive the rows of public.t1, public.t2");
    }

    @Test
    void rulesThatSayTheSameThingTwice_areNamedBoth() {
        Rule second =
                new Rule(
                        "shop.yaml, line 9",
                        "public.*",
                        "false",
                        List.of(),
                        List.of(),
                        null,
                        Map.of(),
                        null);
        assertThatThrownBy(() -> errors(where("true"), second))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.CONFIG);
                            assertThat(e.report())
                                    .contains(
                                            "shop.yaml, line 9: \"where\" of table public.orders",
                                            "shop.yaml, line 7 gives it too");
                        });
    }

    @Test
    void receiverThatIsMissing_isNamed() throws SQLException {
        assertThat(errors(rule("orders", null, List.of(), List.of(), "sales.bought", Map.of())))
                .singleElement()
                .asString()
                .contains("1 table is missing: sales.bought");
    }

    @Test
    void generatedColumnInAFilter_isNamed() throws SQLException {
        assertThat(
                        pair(rule("g", "twice > 3", List.of(), List.of(), null, Map.of()))
                                .atBoth(
                                        "CREATE TABLE g (id int PRIMARY KEY, twice int GENERATED"
                                                + " ALWAYS AS (id * 2) STORED)")
                                .errors())
                .singleElement()
                .asString()
                .contains("names \"twice\", a generated column");
    }

    @Test
    void largeValuesInAFilteredTable_areAWarning() throws SQLException {
        assertThat(
                        pair(where("region = 'eu'"))
                                .atBoth(ORDERS)
                                .atSource(
                                        "ALTER TABLE orders ALTER note SET STORAGE EXTERNAL",
                                        "INSERT INTO orders VALUES (1, 'eu', NULL, repeat('x',"
                                                + " 9000))")
                                .warnings())
                .singleElement()
                .asString()
                .contains(
                        "table public.orders has a filter and large values",
                        "ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY FULL;");
    }

    @Test
    void uniqueIndexThatDoesNotFit_isNamed() throws SQLException {
        Checked checked =
                Checked.fresh(source, destination)
                        .with(s ->
                                s.with(
                                        s.options()
                                                .withRules(
                                                        new RuleOptions(
                                                                List.of(),
                                                                new Keyless.UniqueIndex("b_key")))))
                        .atBoth(
                                "CREATE TABLE b (a int NOT NULL, b int)",
                                "CREATE UNIQUE INDEX b_key ON b (b)",
                                "CREATE UNIQUE INDEX a_key ON b (a)");
        assertThat(checked.errors())
                .singleElement()
                .asString()
                .contains("table public.b has no unique index \"b_key\"", "it has: a_key");
    }
}
