package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.sandbox.PostgresServer;

/** What the source's planner knows of large tables, and whose knowledge the destination's has. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KnownStatisticsPgTest {

    /** Everything of one table, as every version prints it. */
    private static final String OF_TABLE =
            "SELECT attname, null_frac::numeric AS nulls, avg_width, n_distinct::numeric AS n,"
                    + " correlation::numeric AS c, most_common_vals::text AS v,"
                    + " most_common_freqs::numeric[] AS vf, histogram_bounds::text AS h,"
                    + " most_common_elems::text AS e, most_common_elem_freqs::numeric[] AS ef,"
                    + " elem_count_histogram::numeric[] AS ec FROM pg_stats WHERE tablename = ";

    private static final String OF_RANGES =
            "SELECT attname, range_length_histogram::text AS l, range_empty_frac AS e,"
                    + " range_bounds_histogram::text AS b FROM pg_stats WHERE tablename = 'spans'";

    /** Only ANALYZE leaves a time. */
    private static final String LOOKED_AT =
            "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM"
                    + " pg_stat_user_tables WHERE last_analyze IS NOT NULL";

    private static final String RULES =
            """
            rules:
              - {table: without_a_column, exclude-columns: [note]}
              - {table: with_swapped_columns, rename: {padding: note, note: padding}}
              - {table: with_some_rows, where: id > 2000}
            """;

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "16", "18"})
    void largeTable_isKnownAsItIsAtTheSource(String version) throws Exception {
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18");
                Move move = Move.between(source, destination, directory)) {
            move.atBoth(
                    "CREATE DOMAIN kind AS varchar(20)",
                    "CREATE TABLE large (id int PRIMARY KEY, kind kind, \"o\"\"Dd\" text[], at"
                            + " timestamptz, amount numeric, yes boolean, raw bytea, shape json,"
                            + " padding text, gone int)",
                    "ALTER TABLE large DROP COLUMN gone",
                    "CREATE TABLE bare (id int, padding text)",
                    "CREATE TABLE spans (id int PRIMARY KEY, span int4range, padding text)",
                    "CREATE TABLE small (id int PRIMARY KEY)");
            move.atSource(
                    "INSERT INTO large SELECT g, CASE WHEN g % 7 < 5 THEN 'it''s \"' || g % 7 END,"
                        + " ARRAY['a,' || g % 5, NULL, '{\\'], timestamptz '2020-01-01' + g * g *"
                        + " interval '1 s', g / 7.0, g % 3 = 0, decode(md5(g::text), 'hex'), '{}',"
                        + " repeat(md5(g::text), 30) FROM generate_series(1, 10000) g",
                    "INSERT INTO bare SELECT id, padding FROM large",
                    "INSERT INTO spans SELECT id, int4range(id, id + id % 9), padding FROM large",
                    "INSERT INTO small SELECT generate_series(1, 10)");
            // Of a session's own changes the server may count some after its ANALYZE.
            move.atSource(
                    "ANALYZE",
                    // So that who looked at it would not find the same.
                    "DELETE FROM large WHERE id > 9500",
                    "DELETE FROM bare WHERE id > 9500",
                    "DELETE FROM spans WHERE id > 9500");

            move.run("--until=copied", "--keyless=inserts-only");

            boolean tellsRanges = version.equals("18");
            assertThat(move.askDestination(LOOKED_AT))
                    .isEqualTo(tellsRanges ? "small" : "small spans");
            move.assertEqualRows(OF_TABLE + "'large'");
            move.assertEqualRows(OF_TABLE + "'bare'");
            assertThat(move.destinationRows(OF_TABLE + "'large'")).hasSize(9);
            if (tellsRanges) {
                move.assertEqualRows(OF_TABLE + "'spans'");
                move.assertEqualRows(OF_RANGES);
            }
            assertThat(
                            move.askDestination(
                                    "SELECT reltuples::int FROM pg_class WHERE relname = 'large'"))
                    .isEqualTo("9500");
            assertThat(
                            move.askDestination(
                                    "SELECT reltuples::int || ' ' || (relpages > 1000) FROM"
                                            + " pg_class WHERE relname = 'bare'"))
                    .isEqualTo("10000 true");
        }
    }

    @Test
    void whatTheSourceCannotTellOrDoesNotKnowWell_isLookedAt() throws Exception {
        try (PostgresServer source = PostgresServer.start("18");
                PostgresServer destination = PostgresServer.start("18");
                Move move = Move.between(source, destination, directory).configured(RULES)) {
            List<String> tables =
                    List.of(
                            "never_looked_at",
                            "much_changed",
                            "with_expression",
                            "with_expression_there",
                            "of_many_columns",
                            "of_another_type",
                            "of_another_collation",
                            "with_more_columns",
                            "without_a_column",
                            "with_swapped_columns",
                            "with_some_rows");
            for (String table : tables) {
                move.atBoth(
                        "CREATE TABLE " + table + " (id int PRIMARY KEY, padding text, note text)");
                move.atSource(
                        "INSERT INTO %s SELECT g, repeat(md5(g::text), 30), g FROM generate_series(1, 10000) g"
                                .formatted(table));
            }
            move.atBoth(
                    "CREATE INDEX ON with_expression (lower(padding))",
                    "CREATE STATISTICS both_columns ON id, padding FROM of_many_columns");
            move.atDestination(
                    "CREATE INDEX ON with_expression_there (lower(padding))",
                    "ALTER TABLE of_another_type ALTER id TYPE bigint",
                    "ALTER TABLE of_another_collation ALTER padding TYPE text COLLATE \"POSIX\"",
                    "ALTER TABLE with_more_columns ADD more int DEFAULT 1");
            move.atSource(
                    "ANALYZE much_changed, with_expression, with_expression_there, of_many_columns,"
                            + " of_another_type, of_another_collation, with_more_columns,"
                            + " without_a_column, with_swapped_columns, with_some_rows",
                    "UPDATE much_changed SET padding = 'changed' WHERE id <= 1500");

            move.run("--until=copied");

            assertThat(move.askDestination(LOOKED_AT).split(" "))
                    .containsExactlyInAnyOrderElementsOf(tables);
            assertThat(
                            move.askDestination(
                                    "SELECT count(DISTINCT tablename) FROM pg_stats WHERE"
                                            + " schemaname = 'public' AND tablename !~ '_idx$'"))
                    .isEqualTo(Integer.toString(tables.size()));
        }
    }
}
