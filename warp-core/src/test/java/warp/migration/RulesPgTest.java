package warp.migration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/** Rules of a config file, through copy, replication, interruption and cleaning. */
@ParameterizedClass
@ValueSource(strings = {"9.6", "18"})
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesPgTest {

    private static final String RULES =
            """
            rules:
              - table: orders
                where: region = 'eu'
                exclude-columns: [secret]
                to: sales.purchases
                rename: {note: remark}
              - table: public.l*
                to: kept.*
              - table: lines
                columns: [order_id, "No"]
            """;

    @Parameter private String version = "";
    private @Nullable PostgresServer runningSource;
    private @Nullable PostgresServer runningDestination;

    @TempDir Path directory;

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

    private Move move() throws SQLException {
        return Move.between(
                requireNonNull(runningSource), requireNonNull(runningDestination), directory);
    }

    private static void fill(Move move) throws SQLException {
        move.atSource(
                "CREATE TABLE orders (id serial PRIMARY KEY, region text, note text, secret text"
                        + " NOT NULL)",
                "CREATE TABLE lines (order_id int, \"No\" int, extra text, PRIMARY KEY (order_id,"
                        + " \"No\"))",
                "CREATE TABLE plain (id int PRIMARY KEY)",
                "INSERT INTO orders (region, note, secret) SELECT CASE g % 3 WHEN 0 THEN 'eu' WHEN"
                        + " 1 THEN 'us' END, 'n' || g, 's' FROM generate_series(1, 300) g",
                "INSERT INTO lines SELECT g, g % 5, 'x' FROM generate_series(1, 100) g",
                "INSERT INTO plain VALUES (1)");
    }

    private static void change(Move move) throws SQLException {
        move.atSource(
                "UPDATE orders SET region = 'eu', note = NULL WHERE id % 10 = 1",
                "UPDATE orders SET region = NULL WHERE id % 9 = 3",
                "UPDATE orders SET note = 'changed', secret = 't' WHERE id % 4 = 0",
                "UPDATE orders SET id = id + 1000 WHERE id BETWEEN 30 AND 50",
                "DELETE FROM orders WHERE id % 7 = 0",
                "INSERT INTO orders (region, secret) VALUES ('eu', 's'), ('asia', 's')",
                "UPDATE lines SET extra = 'y'",
                "UPDATE lines SET \"No\" = -1 WHERE order_id = 3",
                "INSERT INTO plain VALUES (2)");
    }

    private static void assertFollowed(Move move) throws SQLException {
        assertThat(move.destinationRows("SELECT id, region, remark FROM sales.purchases"))
                .isNotEmpty()
                .isEqualTo(
                        move.sourceRows("SELECT id, region, note FROM orders WHERE region = 'eu'"));
        assertThat(move.destinationRows("SELECT order_id, \"No\" FROM kept.lines"))
                .isNotEmpty()
                .isEqualTo(move.sourceRows("SELECT order_id, \"No\" FROM lines"));
        assertThat(move.destinationRows("TABLE plain")).isEqualTo(move.sourceRows("TABLE plain"));
    }

    @Test
    void rulesHoldForCopyAndReplication() throws Exception {
        try (Move move = move().configured(RULES)) {
            fill(move);
            move.atDestination(
                    "CREATE SCHEMA sales; CREATE SCHEMA kept",
                    "CREATE TABLE sales.purchases (remark varchar(20), id bigint PRIMARY KEY,"
                            + " region text, added int DEFAULT 7)",
                    "CREATE SEQUENCE sales.orders_id_seq OWNED BY sales.purchases.id",
                    "CREATE TABLE kept.lines (\"No\" int, order_id int, PRIMARY KEY (order_id,"
                            + " \"No\"))",
                    "CREATE TABLE plain (id int PRIMARY KEY)");
            move.run("--until=copied");
            assertFollowed(move);
            change(move);
            move.catchUp();
            assertFollowed(move);
            assertThat(move.askDestination("SELECT min(added) FROM sales.purchases"))
                    .isEqualTo("7");
            assertThat(move.askDestination("SELECT last_value FROM sales.orders_id_seq"))
                    .isEqualTo(move.askSource("SELECT last_value FROM orders_id_seq"));

            move.configured(RULES.replace("'eu'", "'us'"));
            assertThat(move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up"))
                    .contains("the rules are not those that this migration began with", "'eu'");
        }
    }

    @Test
    void tablesWithoutAKey_goTheWayThatWasChosenAndAreAsBeforeAfterCleaning() throws Exception {
        String rules =
                """
                keyless: full
                rules:
                  - {table: indexed, keyless: unique-index}
                  - {table: logged, keyless: inserts-only}
                  - {table: left_out, keyless: exclude}
                """;
        try (Move move = move().configured(rules)) {
            move.atBoth(
                    "CREATE TABLE indexed (a int NOT NULL, b text UNIQUE, c int)",
                    "CREATE UNIQUE INDEX indexed_a ON indexed (a)",
                    "CREATE TABLE logged (a int, b text)",
                    "CREATE TABLE left_out (a int)",
                    "CREATE TABLE bag (a int, j json, x xml, p point, b box, t text)");
            move.atSource(
                    "INSERT INTO indexed SELECT g, g, g FROM generate_series(1, 10) g",
                    "INSERT INTO logged VALUES (1, 'one')",
                    "INSERT INTO left_out VALUES (1)",
                    "INSERT INTO bag SELECT 1, '{\"a\": 1}', '<a/>', '(1,2)', '(1,2),(3,4)', NULL"
                            + " FROM generate_series(1, 4)",
                    "INSERT INTO bag VALUES (NULL, NULL, NULL, NULL, NULL, NULL), (NULL, NULL,"
                            + " NULL, NULL, NULL, NULL)");
            assertThat(move.run("--testing"))
                    .contains(
                            "ALTER TABLE ONLY \"public\".\"indexed\" REPLICA IDENTITY USING INDEX"
                                    + " \"indexed_a\"",
                            "ALTER TABLE ONLY \"public\".\"bag\" REPLICA IDENTITY FULL",
                            "updates and deletes of 1 table without a key are left out",
                            "1 table without a key left out, as asked for: public.left_out");
            assertThat(identities(move)).isEqualTo("bag d, indexed d, left_out d, logged d");
            move.run("--until=copied");
            assertThat(identities(move)).isEqualTo("bag f, indexed i, left_out d, logged d");
            move.atSource(
                    "UPDATE indexed SET a = -a, c = NULL WHERE c < 4",
                    "DELETE FROM indexed WHERE c = 7",
                    "UPDATE logged SET b = 'two'",
                    "INSERT INTO logged VALUES (2, 'two')",
                    "DELETE FROM logged WHERE a = 1",
                    "UPDATE left_out SET a = 2",
                    "DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag WHERE a = 1)",
                    "UPDATE bag SET t = 'x' WHERE ctid = (SELECT min(ctid) FROM bag WHERE a = 1)",
                    "DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag WHERE a IS NULL)",
                    "UPDATE bag SET x = '<b/>' WHERE ctid = (SELECT max(ctid) FROM bag WHERE a ="
                            + " 1)");
            String printed = move.catchUp();
            assertThat(move.destinationRows("TABLE indexed"))
                    .isEqualTo(move.sourceRows("TABLE indexed"));
            assertThat(move.destinationRows("TABLE bag")).isEqualTo(move.sourceRows("TABLE bag"));
            assertThat(move.destinationRows("TABLE logged"))
                    .isEqualTo(List.of("(1,one)", "(2,two)"));
            assertThat(move.destinationRows("TABLE left_out")).isEmpty();
            if (version.equals("9.6")) {
                assertThat(printed).contains("2 updates and deletes of tables without a key");
            }
            move.withSource("postgresql://postgres@127.0.0.1:1/gone").configured(rules);
            assertThat(move.runs(ExitCode.UNREACHABLE, "--clean"))
                    .contains("run --clean again", "DROP SCHEMA warp CASCADE;");
            move.withSource(null).configured(rules).run("--clean");
            assertThat(identities(move)).isEqualTo("bag d, indexed d, left_out d, logged d");
            move.atSource("UPDATE logged SET b = NULL; UPDATE bag SET a = 5");
        }
    }

    private static String identities(Move move) throws SQLException {
        return move.askSource(
                "SELECT string_agg(relname || ' ' || relreplident::text, ', ' ORDER BY relname)"
                        + " FROM pg_class WHERE relkind = 'r' AND relnamespace ="
                        + " 'public'::regnamespace");
    }

    @Test
    void destinationPartitionedDifferently_receivesTheRows() throws Exception {
        try (Move move = move()) {
            move.atSource(
                    "CREATE TABLE events (id int, at date, v text, PRIMARY KEY (id, at))",
                    "CREATE TABLE bag (at date, v text)",
                    "ALTER TABLE bag REPLICA IDENTITY FULL",
                    "INSERT INTO events SELECT g, date '2024-01-01' + g % 60, 'x' FROM"
                            + " generate_series(1, 500) g",
                    "INSERT INTO bag SELECT '2024-01-05', 'x' FROM generate_series(1, 3)");
            for (String table : List.of("events", "bag")) {
                String columns =
                        table.equals("bag")
                                ? "(at date, v text)"
                                : "(id int, at date, v text, PRIMARY KEY (id, at))";
                move.atDestination(
                        "CREATE TABLE %s %s PARTITION BY RANGE (at)".formatted(table, columns),
                        "CREATE TABLE %1$s_1 PARTITION OF %1$s FOR VALUES FROM (MINVALUE) TO ('2024-02-01')"
                                .formatted(table),
                        "CREATE TABLE %1$s_2 PARTITION OF %1$s DEFAULT".formatted(table));
            }
            move.atDestination(
                    "INSERT INTO events VALUES (1, '2000-01-01', 'old')",
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE"
                            + " 'it fired'; END $$",
                    "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON events_1 FOR EACH ROW"
                            + " EXECUTE FUNCTION refuse()",
                    "ALTER TABLE events_1 ENABLE ALWAYS TRIGGER refuse");
            move.run("--until=copied", "--yes");
            move.atSource(
                    "UPDATE events SET v = 'y' WHERE id % 3 = 0",
                    "UPDATE events SET at = at + 20 WHERE id % 5 = 0",
                    "DELETE FROM events WHERE id % 7 = 0",
                    "UPDATE bag SET at = '2024-03-01' WHERE ctid = (SELECT min(ctid) FROM bag)",
                    "DELETE FROM bag WHERE ctid = (SELECT max(ctid) FROM bag WHERE at <"
                            + " '2024-02-01')");
            move.catchUp();
            assertThat(move.destinationRows("TABLE events"))
                    .isEqualTo(move.sourceRows("TABLE events"));
            assertThat(move.destinationRows("TABLE bag")).isEqualTo(move.sourceRows("TABLE bag"));
            move.run("--clean");
            assertThat(
                            move.askDestination(
                                    "SELECT tgenabled FROM pg_trigger WHERE tgname ="
                                            + " 'refuse'"))
                    .isEqualTo("A");
        }
    }

    @Test
    void partitionsOfTheSource_goIntoOneTable() throws Exception {
        if (version.equals("9.6")) {
            return; // It has no partitions.
        }
        String rules =
                """
                rules:
                  - {table: parts, to: one.whole, where: v <> 'no'}
                  - {table: same, to: public.same}
                """;
        try (Move move = move().configured(rules)) {
            for (String table : List.of("parts", "same")) {
                move.atSource(
                        "CREATE TABLE %s (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)"
                                .formatted(table),
                        "CREATE TABLE %1$s_1 PARTITION OF %1$s FOR VALUES FROM (0) TO (100)"
                                .formatted(table),
                        "CREATE TABLE %1$s_2 PARTITION OF %1$s FOR VALUES FROM (100) TO (1000)"
                                .formatted(table),
                        "INSERT INTO %s SELECT g, CASE g %% 4 WHEN 0 THEN 'no' ELSE 'yes' END FROM generate_series(0, 199) g"
                                .formatted(table));
            }
            move.atDestination(
                    "CREATE SCHEMA one",
                    "CREATE TABLE one.whole (id int PRIMARY KEY, v text)",
                    "CREATE TABLE same (id int PRIMARY KEY, v text) PARTITION BY HASH (id)",
                    "CREATE TABLE same_a PARTITION OF same FOR VALUES WITH (MODULUS 2, REMAINDER"
                            + " 0)",
                    "CREATE TABLE same_b PARTITION OF same FOR VALUES WITH (MODULUS 2, REMAINDER"
                            + " 1)");
            move.run("--until=copied");
            move.atSource(
                    "UPDATE parts SET v = 'no' WHERE id % 5 = 0",
                    "UPDATE parts SET v = 'maybe', id = id + 99 WHERE id % 8 = 0 AND id < 100 AND"
                            + " id + 99 NOT IN (SELECT id FROM parts)",
                    "UPDATE same SET id = 999 - id WHERE id % 10 = 3",
                    "DELETE FROM same WHERE v = 'no'");
            move.catchUp();
            assertThat(move.destinationRows("TABLE one.whole"))
                    .isNotEmpty()
                    .isEqualTo(move.sourceRows("SELECT * FROM parts WHERE v <> 'no'"));
            assertThat(move.destinationRows("TABLE same")).isEqualTo(move.sourceRows("TABLE same"));
            move.atSource("TRUNCATE parts_1");
            move.catchUp();
            assertThat(move.destinationRows("TABLE one.whole"))
                    .isNotEmpty()
                    .isEqualTo(move.sourceRows("SELECT * FROM parts WHERE v <> 'no'"));
            move.atSource("TRUNCATE parts");
            move.catchUp();
            assertThat(move.destinationRows("TABLE one.whole")).isEmpty();
        }
    }
}
