package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.RuleOptions;
import warp.model.Side;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;
import warp.plan.TableRules;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.sandbox.PostgresServer;
import warp.schema.Statistics.Gathering;

/** What the planner knows of the tables once they are copied. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatisticsPgTest {

    /** Those of the tables' own rows and those of all that inherit from them, by table. */
    private static final String KNOWN =
            "SELECT tablename || CASE WHEN inherited THEN ' with those below' ELSE '' END AS what,"
                + " attname, round(n_distinct::numeric, 4) AS n FROM pg_stats WHERE schemaname ="
                + " 'public'";

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"10", "13", "18"})
    void tablesThatOthersInheritFrom_haveThoseOfAllRows(String version) throws Exception {
        try (PostgresServer source = PostgresServer.start("13");
                PostgresServer destination = PostgresServer.start(version);
                Move move = Move.between(source, destination, directory)) {
            move.atBoth(
                    "CREATE TABLE measured (at int, place text) PARTITION BY RANGE (at)",
                    "CREATE TABLE measured_1 PARTITION OF measured FOR VALUES FROM (0) TO (100)",
                    "CREATE TABLE measured_2 PARTITION OF measured FOR VALUES FROM (100) TO (1000)"
                            + " PARTITION BY LIST (place)",
                    "CREATE TABLE measured_2a PARTITION OF measured_2 FOR VALUES IN ('a')",
                    "CREATE TABLE measured_2b PARTITION OF measured_2 FOR VALUES IN ('b')",
                    "CREATE TABLE alone (id int PRIMARY KEY)",
                    "CREATE TABLE never_filled (id int PRIMARY KEY)",
                    // Without a row of its own, and filled before what inherits from it.
                    "CREATE TABLE above (id int, kind int)",
                    "CREATE TABLE below (more text) INHERITS (above)",
                    "CREATE TABLE early (id int, kind int)",
                    "CREATE TABLE late () INHERITS (early)");
            move.atSource(
                    "INSERT INTO measured SELECT g % 900, CASE WHEN g % 2 = 0 THEN 'a' ELSE 'b' END"
                            + " FROM generate_series(1, 1800) g",
                    "INSERT INTO alone SELECT generate_series(1, 50)",
                    "INSERT INTO below SELECT g, g % 3, 'x' FROM generate_series(1, 300) g",
                    "INSERT INTO early VALUES (1, 1)",
                    "INSERT INTO late SELECT g, g % 7 FROM generate_series(1, 2000) g",
                    "ANALYZE");

            move.run("--until=copied", "--jobs=1", "--keyless=inserts-only");

            move.assertEqualRows(KNOWN);
            assertThat(move.destinationRows(KNOWN))
                    .anyMatch(row -> row.contains("\"measured with those below\",at,"))
                    .anyMatch(row -> row.contains("\"above with those below\",kind,3.0000"))
                    .anyMatch(row -> row.contains("\"early with those below\",kind,7.0000"));
        }
    }

    @Test
    void tableThatCannotBeLookedAt_isToldOfAndKeepsNothingElseFromBeingDone() throws Exception {
        try (PostgresServer source = PostgresServer.start("17");
                PostgresServer destination = PostgresServer.start("18");
                Move move = Move.between(source, destination, directory)) {
            move.atBoth(
                    "CREATE FUNCTION moody(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                            + " 'BEGIN IF pg_catalog.current_query() LIKE ''ANALYZE%'' THEN RAISE"
                            + " ''not in the mood''; END IF; RETURN $1; END'",
                    "CREATE TABLE cheerful (id int PRIMARY KEY)",
                    "CREATE TABLE gloomy (id int PRIMARY KEY)",
                    "CREATE INDEX gloomy_mood ON gloomy (moody(id))");
            move.atSource(
                    "INSERT INTO cheerful SELECT generate_series(1, 10)",
                    "INSERT INTO gloomy SELECT generate_series(1, 10)");

            String printed = move.run("--until=copied");

            assertThat(printed)
                    .contains(
                            "Statistics of table public.gloomy could not be collected:",
                            "not in the mood (SQLSTATE P0001)",
                            "HINT: Once that is put right: ANALYZE \"public\".\"gloomy\";");
            assertThat(move.destinationRows(KNOWN)).hasSize(1);
            move.catchUp();
            move.assertEqual("public");
        }
    }

    @Test
    void tableThatWasFilledByARunThatWasKilled_isNotForgotten() throws Exception {
        try (PostgresServer server = PostgresServer.start("18");
                Move move = Move.between(server, server, directory)) {
            move.atBoth(
                    "CREATE TABLE filled (id int)",
                    "CREATE TABLE looked_at (id int)",
                    "CREATE TABLE nothing (id int)");
            move.atDestination(
                    "INSERT INTO filled VALUES (1)",
                    "INSERT INTO looked_at VALUES (1)",
                    "ANALYZE looked_at");
            try (Session source = TestConnections.open(Side.SOURCE, server, "shop");
                    Session destination =
                            TestConnections.open(Side.DESTINATION, server, "shop_to")) {
                List<TablePair> pairs =
                        new Pairing(TableRules.of(RuleOptions.NONE), Map.of())
                                .pairs(Catalog.tables(source), Catalog.tables(destination));
                var statistics = new CopiedStatistics();

                assertThat(statistics.left(destination, pairs))
                        .containsExactly(Gathering.of(List.of(new TableName("public", "filled"))));

                statistics.done(List.of(new TableName("public", "filled")));
                assertThat(statistics.left(destination, pairs)).isEmpty();
            }
        }
    }
}
